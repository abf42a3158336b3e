# Det som kommandona säger vid sidan av sina data.

command-unknown-destination = Inget exportmål heter { $name }.
command-empty-input = { $flag } läser från standardindata, men ingenting kom.
command-yes-no = j/N
command-yes-flag = Om svaret är ja, lägg till { $flag }.
command-answer-flag = Svara med { $flag }.
command-yes-no-help = Skriv j för ja, n för nej. Bara Retur betyder nej: då görs inget.
command-yes-or-no = Svara ja eller nej.
command-nothing-changed = Inget har ändrats.
command-sandbox-failed = Sandlådan startade inte.
command-stopping = Stoppar: pågående anrop görs klara först. En gång till avbryter dem.
command-warning = varning: { $warning }
command-no-home = Det finns ingen mapp { $folder } ännu, så inget är sparat där. Kontrollera --home, eller SEGUE_HOME.
command-no-destinations = Inget exportmål är sparat än. ”segue add --help” visar hur man skapar ett; ”segue demo” visar hela vägen.
command-output-lost = Utskriften kunde inte skrivas till slut.
command-output-lost-next = Skaffa plats dit utskriften går och kör kommandot igen.
command-home-id-put-back = Filen home-id var borta eller ändrad; den är som förut igen, så att hemligheterna för dina inloggningar hittas.
command-home-id-lost = Filen home-id är borta, och med den vägen till hemligheterna för dina inloggningar i nyckelringen: logga in igen med segue login.
command-config-damaged = varning: inställningarna i config.toml används inte, och inget gammalt tas bort, förrän de är rättade: { $why }
command-no-terminal = Terminalprogrammet behöver en terminal. Utan en sådan använder du kommandona ovan.

edit-other-audience = { $name } går till en annan målgrupp från och med nu. De som exportmålet har fört till { $before } är kvar där, med sina taggar: ingen körning rör dem längre.
saved-done = { $name } är sparat.
list-name = Exportmål
list-audience = Målgrupp
list-segments = Segment
list-broken = trasigt: { $why }
list-last-run = Senaste körning
list-outcome = Utfall
list-never = aldrig

show-agreed = accepterat av { $user }, { $time }
show-not-agreed = ingen har accepterat än: ingen körning startar

remove-question = Ta bort { $name } med dess avvisade profiler och det som Segue minns av det? Ingenting ändras i Mailchimp.
remove-with-login = Inloggningen { $logins } följer med, eftersom inget annat använder den (--keep-login behåller den).
remove-done = { $name } är borttaget; ingenting exporteras dit längre.
remove-login-gone = Inloggningen { $logins } är också borta, med sin hemlighet: inget annat använde den.
remove-tags-forgotten = Taggarna finns kvar i Mailchimp, och Segue vet inte längre att de är dess egna: lägg till exportmålet med --adopt-tags för att exportera till dem igen.
remove-owed = { $count ->
    [one] En kontakt som en export av misstag har återskapat ska fortfarande arkiveras. Segue minns det: nästa export till målgruppen { $audience } gör det.
   *[other] { $count } kontakter som en export av misstag har återskapat ska fortfarande arkiveras. Segue minns det: nästa export till målgruppen { $audience } gör det.
}

rejects-no-run = Exportmålet har inte körts än.
rejects-none = Körningen hade inga avvisade profiler.
rejects-unknown-run = { $name } har ingen körning { $run }.
rejects-place = Plats
rejects-profile = Profil
rejects-email = E-post
rejects-class = Nästa gång
rejects-reason = Orsak
rejects-detail = Detalj
rejects-advice = Vad du kan göra
rejects-since = Sedan
rejects-until = Till
rejects-for-good = för gott
rejects-nobody-remembered = Segue minns ingen som målgruppen har avvisat.
rejects-unnamed = { $count ->
    [one] en person som varken nämns i källan eller bland sparade avvisade
   *[other] { $count } personer som varken nämns i källan eller bland sparade avvisade
}
rejects-no-source = Källan kunde inte läsas, så adresser finns bara för de avvisade som fortfarande är sparade. { $what }
rejects-forgotten = { $count ->
    [one] Ett avvisande är glömt: nästa körning skickar personen igen, och Mailchimp avgör på nytt.
   *[other] { $count } avvisanden är glömda: nästa körning skickar personerna igen, och Mailchimp avgör på nytt.
}
rejects-none-known = Segue minns ingen av de här adresserna som avvisad.

login-open = Öppnar webbläsaren för inloggning hos Mailchimp. Om inget öppnas, gå till:
    { $url }
login-no-browser = Ingen webbläsare kunde öppnas härifrån. Öppna adressen ovan på den här datorn. För en webbläsare på en annan dator: avbryt med Ctrl-C och använd --print-url.
login-go-on-later = Öppna adressen i valfri webbläsare och godkänn. Webbläsaren visar sedan en adress som den inte kan läsa in: ge den till ”segue login mailchimp --complete -”.
login-paste = Klistra in adressen som webbläsaren skickades till och tryck sedan på Retur och Ctrl-D:
login-register = Registrera en app i Mailchimp under { -menu-apps } med omdirigerings-URI:n { $uri } och ange dess klient-ID och hemlighet. Eller använd en API-nyckel med --api-key-stdin.
login-insights-open = Öppnar webbläsaren för inloggning som exportanvändare hos Microsoft. Om inget öppnas, gå till:
    { $url }
login-insights-no-browser = Ingen webbläsare kunde öppnas härifrån. Öppna adressen ovan. Om webbläsaren finns på en annan dator klistrar du här in adressen som den inte kan läsa in och trycker på Retur; eller avbryt med Ctrl-C och använd --device.
login-insights-code =
    För att logga in som exportanvändare öppnar du den här sidan på valfri enhet:

        { $url }

    och anger den här koden, som gäller i { $time }:

        { $code }

    En del organisationer spärrar sådana koder.
login-insights-blocked = Om din gör det loggar du in i webbläsaren på den här datorn i stället: utan --device.
login-insights-paste-back =
    Där koder inte fungerar öppnar du den här adressen i en webbläsare på en annan dator och loggar in där. Webbläsaren
    visar sedan en adress som den inte kan läsa in: klistra in den här och tryck på Retur.
    { $url }
login-insights-register = Registrera en app i administrationscentret för Microsoft Entra under Appregistreringar: plattformen ”Mobil- och skrivbordsprogram”, omdirigerings-URI http://localhost, ”Tillåt offentliga klientflöden” på, API-behörigheten ”Dynamics CRM” (user_impersonation) för Dataverse eller ”Dynamics 365 AI for Customer Insights” för Customer Insights-API:et. Appens översikt visar klient-ID och klientorganisations-ID. Ange miljön med --environment, eller instansen med --instance.
login-other-account = ”{ $login }” är inloggningen för { $had }, men { $now } loggade in. Exportmål som använder den skulle därefter arbeta med { $now }. Byta ut den?
login-not-saved = Inget sparades: ”{ $login }” är fortfarande inloggningen för { $had }.
login-insights-no-key = En prenumerationsnyckel till Customer Insights-API:et
login-insights-key = API:et kräver en prenumerationsnyckel utöver inloggningen: kopiera den i Customer Insights under Behörigheter → API:er, och ange den med --subscription-key-stdin, eller i SEGUE_INSIGHTS_SUBSCRIPTION_KEY.
login-sql-secret-option = ”{ $key }” är, eller innehåller, en hemlighet: den skulle synas i en processlista och stå i en fil.
login-sql-secret-option-next = Ange den med --secret { $key } --secret-stdin, eller sätt { $variable }. En adress med ett lösenord i är som helhet en hemlighet.
login-sql-no-secret-next = Eller sätt { $variable }, som då används i stället för nyckelringen.
login-sql-secret-lines = Antalet rader på standardindata är { $given }, men --secret är angiven för { $wanted }.
login-done = Inloggad hos { $account }.
login-none = Ingen inloggning är sparad än. ”segue login mailchimp --help” visar hur man skapar en.
login-unknown = Ingen inloggning heter { $login }.
login-from-variable = Inloggningen { $login } kommer från miljön och är inte sparad någonstans: ta bort { $variables } för att bli av med den.
login-in-use = { $login } används av { $destinations }. De blir kvar utan anslutning, och körs inte förrän du loggar in till samma konto igen som { $login }, eller ansluter en annan inloggning. Ta bort den?
login-removed = { $login } är borttagen, med sin hemlighet.
login-column-name = Inloggning
login-column-account = Konto
login-column-service = Tjänst
login-column-since = Sedan
login-column-secret = Hemlighet
login-secret-keyring = nyckelring
login-page-ok = Du är inloggad
login-page-ok-text = Du kan stänga sidan och gå tillbaka till Segue.
login-page-denied = Du godkände inte
login-page-denied-text = Ingenting sparades. Du kan stänga sidan och försöka igen i Segue.
login-page-wrong = Svaret hör till en annan inloggning
login-page-wrong-text = Det användes inte. Gå tillbaka till Segue och öppna adressen som visas där.

add-bad-file = { $path } kan inte läsas som ett exportmål: { $why }
add-name-taken = Ett exportmål som heter { $name } är redan sparat.
add-segment-not-ready = varning: segmentet ”{ $segment }” är { $state }: en körning nekas tills det är aktuellt i Customer Insights.
add-segment-left-out = varning: segmentet ”{ $segment }” tas inte med: { $state }.
add-no-audience = Ingen inloggning når en målgrupp med ID { $audience }.
add-no-audience-next = I Mailchimp finns målgrupps-ID:t under { -menu-audience-id }.
add-no-segments = Källan har inga segment.
add-no-segments-next = Skapa ett segment i Customer Insights och låt det utvärderas, eller välj en annan miljö eller mapp.
add-no-fields = Målgruppen har inget kopplingsfält { $tags }.
add-no-fields-next = Lägg till --create-fields för att skapa dem, eller koppla till fält som målgruppen har.
add-long-tag = Ett nytt kopplingsfält kan inte heta { $tag }: Mailchimps fält har taggar med högst { $most } tecken.
add-long-tag-next = Välj en kortare tagg i --map.
add-field-made = Kopplingsfältet { $tag } är skapat ({ $kind }).

demo-begins = Demonstration: påhittade personer, ett imiterat Mailchimp, hemligheter bara i minnet. Ingenting lämnar datorn.
demo-name = Demo
demo-ends = Demonstrationen är slut. Dess rapport och allt annat som den sparade låg i en tillfällig mapp, som nu är borta.

erase-no-address = Det som kom på standardindata är ingen e-postadress. Exakt en behövs.
erase-done = Personen är raderad: målgruppen har tagit bort kontakten för gott, och ingen av Segues filer nämner personen längre.
erase-done-not-there = Personen är raderad: kontakten fanns inte i målgruppen, och ingen av Segues filer nämner personen längre.
erase-source = Ingen körning skickar personen igen. Källan är oförändrad: ta bort profilen där också.
erase-elsewhere = { $name } går till en annan målgrupp, som också kan ha personen:
erase-begun = { $count ->
    [one] En radering blev inte klar: kör segue erase med adressen igen. Tills dess skickar ingen körning den personen.
   *[other] { $count } raderingar blev inte klara: kör segue erase med adresserna igen. Tills dess skickar ingen körning de personerna.
}
login-connected-again = { $count ->
    [one] { $names } är ansluten igen.
   *[other] Anslutna igen: { $names }.
}
login-not-connected = { $name } är fortfarande utan anslutning: det var anslutet till kontot { $had }. Anslut det till det här kontot med: { $line }
add-mapped-twice = { $field } fylls två gånger, från { $first } och från { $second }; ett kopplingsfält tar ett attribut.
add-only-for-sql = Det är för en källa som frågas i SQL, och källan är { $source }.
add-only-for-folder = Det här gäller en mapp med filer, och källan är { $source }.
add-only-for-service = Det här gäller en källa som kräver inloggning, och källan är { $source }.
add-date-order-unmapped = Inget attribut är kopplat till { $field }.
add-date-order-needless = Inget kopplat kopplingsfält innehåller datum, så det finns ingen ordning att ange.
add-date-order-no-date = { $field } är inget kopplingsfält för datum, så det finns ingen ordning att ange.
add-date-order-told = Datumen i { $field } visar själva att ordningen är { $found }.
edit-no-removed-tags = Alla taggar sätts fortfarande, så det finns ingen som det kan gälla.
list-newer = nyare version: installera den nyare Segue för att använda det
