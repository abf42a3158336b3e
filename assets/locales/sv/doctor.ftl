# Vad segue doctor hittar. `why` visas bara i JSON.

doctor-space = Disken har bara { $mib } MiB kvar.
    .why = En stor körning behöver omkring 1 GiB för sina arbetsfiler.
    .next = Gör plats, eller använd en mapp på en annan disk med --home MAPP.
doctor-locale = Språkmiljön använder inte UTF-8: { $locale }.
    .why = Namn med andra bokstäver än ASCII kan visas fel.
    .next = Kör export LANG=C.UTF-8
doctor-no-bus = Det finns ingen D-Bus-adress, som i cron, och därför ingen nyckelring.
    .why = Nyckelringen nås via sessionens D-Bus, som cron inte känner till.
    .next = Skriv den här raden överst i crontab: { $line }
    .next2 = Utan skrivbordssession: starta först en nyckelring, eller sätt SEGUE_MAILCHIMP_TOKEN.
doctor-no-need-of-keyring = Ingen nyckelring kan användas nu, och ingen behövs: hemligheterna kommer från miljön.
    .why = Körningar får sina hemligheter från variablerna som visas under ”environment”. En ny inloggning skulle inte kunna sparas.
    .next = Inget behöver göras, så länge variablerna är satta för varje körning.
doctor-no-browser = Ingen webbläsare kan öppnas härifrån: { $why }
    .why = Det går att logga in från en annan dator också.
    .next = Kör segue login mailchimp --print-url
doctor-variables = Används i stället för nyckelringen: { $names }
    .why = Den som kan läsa programmets miljö kan läsa hemligheten.
    .next = Ta bort variabeln för att använda nyckelringen.
doctor-proxy = Proxyn i { $variable } kan inte nås.
    .why = Alla anrop till tjänsterna går genom den.
    .next = Rätta { $variable } eller ta bort den.
doctor-clock = { $minutes ->
    [one] Klockan skiljer sig { $minutes } minut från klockan hos { $name }.
   *[other] Klockan skiljer sig { $minutes } minuter från klockan hos { $name }.
}
    .why = Inloggningar och certifikat gäller enligt klockan, och ändringar hittas med den.
    .next = Ställ klockan, helst via nätet (NTP).
doctor-no-login = Ingen är inloggad i Mailchimp än.
    .why = En körning behöver en inloggning.
    .next = Kör segue login mailchimp
doctor-unfinished = { $count ->
    [one] En körning till målgruppen för { $name } avslutades i förtid.
   *[other] { $count } körningar till målgruppen för { $name } avslutades i förtid.
}
    .why = Nästa körning tar först reda på vad som blev av de sista anropen.
    .next = Kör exportmålet igen.
doctor-erase-begun = { $count ->
    [one] En radering blev inte klar.
   *[other] { $count } raderingar blev inte klara.
}
    .why = Ingen körning skickar personerna, men filer eller målgruppen kan fortfarande ha dem.
    .next = Kör segue erase med adressen igen.
doctor-slow = Inget svar kom inom några sekunder.
    .why = Nätet eller tjänsten är långsam, eller något på vägen tappar bort anropen.
    .next = Kontrollera nätet och proxyn och försök igen.
doctor-no-watcher = { $count ->
    [one] Ett exportmål har ett schema, men segue watch är inte igång.
   *[other] { $count } exportmål har ett schema, men segue watch är inte igång.
}
    .why = Ingenting körs automatiskt om inte segue watch gör det, eller cron kör segue watch --once.
    .next = segue schedule --print-unit systemd
doctor-schedule-stopped = Schemat för { $name } har stannat: { $cause }
    .why = Det misslyckades för gott, eller i sex timmar, och väntar tills någon har tittat.
    .next = Åtgärda det som står där, och sedan: segue run { $word }
doctor-timeout = SEGUE_HTTP_TIMEOUT är { $value }, vilket inte är ett helt antal sekunder från 1.
    .why = Inget annat kommando startar med det värdet.
    .next = Rätta SEGUE_HTTP_TIMEOUT, eller ta bort variabeln för de vanliga 125 sekunderna.
doctor-theme = SEGUE_THEME är { $value }, men det finns inget sådant tema.
    .why = Programmet öppnas inte med det värdet.
    .next = Sätt variabeln till något av { $known }, eller ta bort den.
doctor-unknown-keys = { $count ->
    [one] config.toml har en nyckel som Segue inte känner till: { $keys }.
   *[other] config.toml har nycklar som Segue inte känner till: { $keys }.
}
    .why = En sådan nyckel har ingen verkan.
    .next = Rätta stavningen. Kända är history_days, theme, keys, on_finish, drivers, och i on_finish: command, seconds, destinations.
doctor-finish-of-nobody = { $count ->
    [one] config.toml har ett kommando i on_finish.destinations för { $names }, som inte är något sparat exportmål.
   *[other] config.toml har kommandon i on_finish.destinations för { $names }, som inte är sparade exportmål.
}
    .why = Ett sådant kommando körs aldrig.
    .next = Rätta stavningen där.
    .run = segue list
doctor-no-network = Det går inte att ansluta till { $name }: nätet saknas, eller något är i vägen.
    .why = { $cause }
    .next = Kontrollera nätverksanslutningen, och proxyn (HTTPS_PROXY) om en behövs.
doctor-unreachable = { $name } gav inget svar som kan användas. { $cause }
    .why = Något mellan den här datorn och tjänsten, oftast en proxy, kan ha svarat i dess ställe.
    .next = Kontrollera nätverksanslutningen och proxyn (HTTPS_PROXY) och försök igen.
key-of-nobody = { $file }, rad { $line }: inget kommando heter ”{ $command }”.
    .why = Under [keys] står namnet på ett kommando och tangenten som det ska ha.
    .next = Namnen är { $more }.
key-that-is-none = { $file }, rad { $line }: { $command } kan inte få ”{ $key }”, som inte går att välja.
    .why = Det som går att välja är ett enda tecken, till exempel "x" eller "ö", en av F2 till F12, eller ctrl- med en bokstav.
    .next = Ge { $command } en annan tangent.
key-that-is-kept = { $file }, rad { $line }: { $command } kan inte få ”{ $key }”, som betyder samma sak överallt.
    .why = Retur, Esc, Blanksteg, Tabb, pilarna och deras like, siffrorna, j, k, g, G, ? och : flyttar, väljer och hjälper överallt; med Ctrl gäller det c, g, h, i, j, m, q och z, här eller i terminalen.
    .next = Ge { $command } en annan tangent: ett enda tecken, en av F2 till F12, eller ctrl- med en bokstav.
key-that-is-taken = { $file }, rad { $line }: { $command } kan inte få ”{ $key }”, som är tangenten för { $more } på samma ställe.
    .why = En tangent kan göra en sak på ett ställe.
    .next = Ge { $command } en annan tangent, eller { $more }.
doctor-certificate = { $cause }
    .why = Det går inte att veta vem som svarar, så ingen får se inloggningen.
    .next = När det är gjort, se efter igen: segue doctor
doctor-state-ok = ok
doctor-state-warning = varning
doctor-state-wrong = fel
doctor-check-folder = mapp
doctor-check-disk = disk
doctor-check-config = inställningar
doctor-check-locale = språkmiljö
doctor-check-keyring = nyckelring
doctor-check-browser = webbläsare
doctor-check-environment = miljö
doctor-check-proxy = proxy
doctor-check-network = nät
doctor-check-clock = klocka
doctor-check-login = inloggning
doctor-check-destination = exportmål
doctor-check-source = källa
doctor-check-runs = körningar
doctor-check-watch = scheman
doctor-check-erased = raderade
