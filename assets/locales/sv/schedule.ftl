# Exporter som körs automatiskt.

schedule-off = av
schedule-daily = Varje dag kl. { $times } ({ $zone })
schedule-weekly = Varje { $days } kl. { $times } ({ $zone })
schedule-on-refresh = Efter varje uppdatering av källan
schedule-on-refresh-quiet = Efter varje uppdatering av källan, när den har varit stilla i { $seconds } s
schedule-refresh = vid uppdatering
day-name-mon = måndag
day-name-tue = tisdag
day-name-wed = onsdag
day-name-thu = torsdag
day-name-fri = fredag
day-name-sat = lördag
day-name-sun = söndag
days-and = { $days } och { $last }
day-mon = mån
day-tue = tis
day-wed = ons
day-thu = tors
day-fri = fre
day-sat = lör
day-sun = sön
label-schedule = Schema
list-next-run = Nästa körning
schedule-next = nästa körning { $time }
schedule-not-copied = Kopian har inget schema: den körs när du säger till. segue schedule ger den ett.

watch-watching = { $count ->
    [0] Inget exportmål har något schema än; väntar på ett
    [one] Sköter ett schema
   *[other] Sköter { $count } scheman
}
watch-stopping = Stoppar: exporter gör klart sina pågående anrop. Ctrl-C igen avbryter dem.
watch-hindered = Ingenting kan börja just nu; försöker igen: { $value }
watch-broken = { $name }: filen går inte att läsa, så schemat är okänt: { $value }
watch-waits = { $name }: ska köras, och väntar tills källan är redo
watch-queued = { $name }: i kö, eftersom Mailchimp-kontot används av { $value }
watch-started = { $name }: börjar ({ $value })
watch-unchanged = ingenting hade ändrats, och ingenting skickades
watch-skipped = { $name }: överhoppad, eftersom detta misslyckades: { $value }
watch-unseen = { $name }: källan går inte att nå: { $value }
watch-retry = { $name }: ett nytt försök görs { $value }
watch-stopped = { $name }: ingenting körs automatiskt förrän du har tittat: { $value } Kör det sedan ({ $line }), så fortsätter schemat.
watch-finish = { $name }: { $value }
finish-unknown = ingen fick veta att det tog slut: det går inte att läsa vilket kommando on_finish är. { $value }
finish-not-begun = kommandot on_finish gick inte att köra: { $value }
finish-failed = kommandot on_finish misslyckades ({ $value }). Vad det sade står i logs/on_finish.log.
finish-late = kommandot on_finish tog längre tid än { $value } och avbröts. seconds i [on_finish] i config.toml ger det mer.
list-stopped = stoppat, tills du har kört det
schedule-guessed = Dataverse talar inte om när data uppdateras. Segue gissar: något ändrades, och sedan ingenting på ett tag.
schedule-no-watcher = Ingenting körs automatiskt än: segue watch är inte igång. Starta det, eller se segue schedule --print-unit systemd.
home-no-watcher = segue watch är inte igång: inget schema körs (segue schedule --print-unit).
key-schedule = schema
ask-schedule = När ska { $name } köras automatiskt?
ask-schedules = När ska dessa { $count } exportmål köras automatiskt?
ask-schedules-differ = Deras scheman skiljer sig åt. Det du skriver här ersätter alla.
label-zone = Tidszon
ask-schedule-how =
    06:00 18:00      varje dag vid de tiderna
    mån,tors 06:00   de dagarna
    uppdatering      vid varje uppdatering av källan
    av               bara när du kör det
    Det körs så länge segue watch är igång.
ask-schedule-wrong = { $typed } är inget schema.
    .why = Skriv en till fyra tider (06:00 18:00), dagar och tider (mån,tors 06:00), uppdatering för varje uppdatering av källan, eller av.
    .next = Rätta raden.
ask-schedule-blank = En tidszon hör till klockslag, och det finns inga.
    .why = Skriv en till fyra tider (06:00 18:00), dagar och tider (mån,tors 06:00), uppdatering för varje uppdatering av källan, eller av.
    .next = Fyll i schemat.
unit-systemd = Spara detta som ~/.config/systemd/user/segue.service, och sedan: systemctl --user enable --now segue, och loginctl enable-linger så att den fortsätter när du inte är inloggad.
unit-secrets-file = Tokens och API-nycklar kommer från skrivbordets nyckelring, som måste vara upplåst. Finns ingen, skriv SEGUE_MAILCHIMP_TOKEN=NYCKEL och andra hemligheters variabler, en per rad, i en fil som bara du kan läsa (chmod 600), och ta bort # före filens namn här:
unit-secrets = Tokens och API-nycklar kommer från skrivbordets nyckelring, som måste vara upplåst. Finns ingen, måste miljön innehålla SEGUE_MAILCHIMP_TOKEN och andra hemligheters variabler, lästa ur en fil som bara du kan läsa; README säger hur.
unit-cron = Lägg till raderna med crontab -e. Det som är på tur körs inom fem minuter.
unit-launchd = Oprövat. Spara detta som ~/Library/LaunchAgents/segue.watch.plist, och sedan: launchctl load ~/Library/LaunchAgents/segue.watch.plist
unit-task = Oprövat. Spara detta som segue.xml, och sedan: schtasks /Create /TN Segue /XML segue.xml
schedule-bad-time = { $typed } är inget klockslag. Skriv TT:MM, från 00:00 till 23:59.
schedule-bad-times = { $count ->
    [0] Inget klockslag är angivet. Skriv ett till fyra, vart och ett som TT:MM.
   *[other] { $count } gånger om dagen är för många: en till fyra är möjliga.
}
schedule-bad-day = { $typed } är ingen veckodag. Skriv dagar som mon,thu och klockslagen efter dem: mon, tue, wed, thu, fri, sat, sun, eller måndag, tisdag …
schedule-no-times = Schemat för { $name } har inga tider som kunde vara en tidszons: { $schedule }.
schedule-no-days = Ingen veckodag är angiven. Skriv dagar som mon,thu och klockslagen efter dem.
schedule-bad-zone = { $typed } är ingen tidszon. Skriv ett namn som Europe/Stockholm eller UTC.
    .next = Rätta raden.
schedule-failing = det misslyckades, och ett nytt försök görs { $time }: { $why }
schedule-stopped = det misslyckades, och körs inte automatiskt förrän du har kört det: { $why }
schedule-depends = det väntar på { $name }, som misslyckades: { $why }
watch-once = { $count ->
    [0] Inget exportmål har ett schema, så det finns inget att göra. segue schedule sätter ett.
    [one] Ett schema
   *[other] { $count } scheman
}
watch-due = skulle köras { $time }
watch-nothing-due = Ingenting ska köras nu.
schedule-typed-refresh = uppdatering
