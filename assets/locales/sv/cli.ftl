# Kommandoradens hjälp. Nycklarna slås upp efter namn: cli-KOMMANDO, cli-KOMMANDO-examples, cli-KOMMANDO-ARGUMENT,
# cli-global-FLAGGA; underkommandon fogas ihop med bindestreck.

cli-about = Exporterar segment av kundprofiler från Dynamics 365 Customer Insights till en målgrupp i Mailchimp
cli-examples =
    segue demo --auto
    segue login mailchimp
    segue add --from var.toml --accept-privacy
    segue check "Vårens nyhetsbrev"
    segue run "Vårens nyhetsbrev"

cli-usage = Användning
cli-commands = Kommandon
cli-options = Flaggor
cli-arguments = Argument
cli-global-options = Gemensamma flaggor
cli-examples-heading = Exempel

cli-global-home = Mapp för allt som Segue sparar, i stället för de vanliga platserna (SEGUE_HOME)
cli-global-lang = Språk för texterna: en eller sv; annars avgör LC_ALL, LC_MESSAGES eller LANG
cli-global-color = När färger används: auto, always eller never (NO_COLOR respekteras)
cli-global-verbose = Berätta mer om vad som händer; två gånger för ännu mer
cli-global-json = Skriv ut data som JSON
cli-global-plain = Fråga och svara rad för rad: ingen helskärm och ingen rad som ändras (SEGUE_PLAIN, TERM=dumb)
cli-global-help = Visa hjälp
cli-global-version = Visa version

cli-demo = Prova Segue med påhittade personer och ett imiterat Mailchimp; inget lämnar datorn
cli-demo-examples =
    segue demo --auto
    segue demo --auto --profiles 100000
    segue demo --auto --fault 429=0.05 --json
cli-demo-auto = Skapa ett exportmål, kör det och skriv ut rapporten, utan att fråga något
cli-demo-listen = { cli-sandbox-listen }
cli-demo-profiles = { cli-sandbox-profiles }
cli-demo-seed = { cli-sandbox-seed }
cli-demo-latency = { cli-sandbox-latency }
cli-demo-max-connections = { cli-sandbox-max-connections }
cli-demo-fault = { cli-sandbox-fault }
cli-demo-empty = { cli-sandbox-empty }
cli-demo-preload = { cli-sandbox-preload }
cli-demo-data = { cli-sandbox-data }
cli-demo-token-lifetime = { cli-sandbox-token-lifetime }
cli-demo-refresh-every = { cli-sandbox-refresh-every }

cli-sandbox = Kör ett imiterat Mailchimp på den här datorn tills du trycker Ctrl-C, för att prova och testa
cli-sandbox-examples =
    segue sandbox --listen 127.0.0.1:8800
    segue sandbox --profiles 20000 --latency 50ms --fault 500=0.01
cli-sandbox-listen = Adress att lyssna på; bara den egna datorn, port 0 tar en ledig [127.0.0.1:0]
cli-sandbox-profiles = Hur många personer som hittas på [5000]
cli-sandbox-seed = Tal som avgör vilka personer och fel som slumpas fram [1]
cli-sandbox-latency = Hur lång tid varje svar minst tar, till exempel 50ms [0ms]
cli-sandbox-max-connections = Anrop som besvaras samtidigt innan fler nekas [10]
cli-sandbox-fault = Fel att framkalla, och hur ofta: 429, 403-empty, 500, 503, html-400, hang, drop-before, drop-after, compliance, forgotten, fake, merge-invalid eller too-many-signups; kan anges flera gånger
cli-sandbox-empty = Börja med en målgrupp utan medlemmar
cli-sandbox-preload = Fil med de medlemmar som målgruppen börjar med, ett JSON-objekt per rad
cli-sandbox-data = Mapp med filer att använda i stället för påhittade personer
cli-sandbox-token-lifetime = Hur länge en inloggning gäller, till exempel 3600s [3600s]
cli-sandbox-refresh-every = Hur ofta källan uppdaterar sina data, till exempel 60s; 0s för aldrig [0s]

cli-login = Logga in i en tjänst och spara inloggningen
cli-login-examples =
    segue login mailchimp --as jobbet --api-key-stdin < nyckel.txt
    segue login insights --client-id 1b2c… --tenant contoso.com --environment https://contoso.crm4.dynamics.com
cli-login-mailchimp = Autentisera med Mailchimp i webbläsaren, eller med en API-nyckel
cli-login-mailchimp-examples =
    segue login mailchimp --client-id 123456789 --client-secret-stdin < hemlighet.txt
    segue login mailchimp --as jobbet --api-key-stdin < nyckel.txt
    segue login mailchimp --print-url
    segue login mailchimp --complete - < adress.txt
cli-login-mailchimp-as = Vad inloggningen ska heta; annars får den namn efter kontot
cli-login-mailchimp-client-id = Klient-ID för OAuth-appen som du har registrerat i Mailchimp
cli-login-mailchimp-client-secret-stdin = Läs OAuth-appens klienthemlighet från standardindata
cli-login-mailchimp-port = Port på 127.0.0.1 som webbläsaren återvänder till; appens omdirigerings-URI är http://127.0.0.1:PORT/callback [8723]
cli-login-mailchimp-print-url = Skriv ut inloggningsadressen så att den kan öppnas på en annan dator, och slutför senare med --complete
cli-login-mailchimp-complete = Slutför en inloggning som påbörjats med --print-url: - läser adressen du skickades till från standardindata
cli-login-mailchimp-api-key-stdin = Logga in med en API-nyckel som läses från standardindata
cli-login-mailchimp-plan-limit = Antal kontakter som ditt Mailchimp-abonnemang tillåter, så att ingen körning går över det
cli-login-mailchimp-yes = Byt ut en inloggning för ett annat konto med det här namnet utan att fråga
cli-login-insights = Logga in i Customer Insights som exportanvändare
cli-login-insights-examples =
    segue login insights --client-id 1b2c… --tenant contoso.com --environment https://contoso.crm4.dynamics.com
    segue login insights --as insights --client-id 1b2c… --tenant contoso.com --instance 9f8e… --subscription-key-stdin < nyckel.txt
    segue login insights --as insights --device
cli-login-insights-as = Vad inloggningen ska heta; annars får den namn efter kontot. Under namnet på en sparad inloggning loggar du in igen, och det du inte anger förblir som det var
cli-login-insights-client-id = Program-ID (klient-ID) för appen som du har registrerat i Microsoft Entra ID
cli-login-insights-tenant = Din organisation hos Microsoft: en domän eller katalog-ID:t (klientorganisations-ID)
cli-login-insights-environment = Dataverse-miljöns adress, till exempel https://contoso.crm4.dynamics.com
cli-login-insights-instance = ID för instansen av Customer Insights, för att läsa genom Customer Insights-API:et i stället
cli-login-insights-device = Logga in med en kod på en annan enhet; standard över SSH. En del organisationer spärrar det
cli-login-insights-subscription-key-stdin = Läs prenumerationsnyckeln till Customer Insights-API:et från standardindata
cli-login-insights-yes = Byt ut en inloggning för ett annat konto med det här namnet utan att fråga
cli-login-sql = Spara hur en motor nås som frågas i SQL
cli-login-sql-examples =
    segue login sql --as lager --driver postgresql --secret uri --secret-stdin < uri.txt
    segue login sql --as sjo --driver /opt/libadbc_driver_flightsql.so --option uri=grpc+tls://sjo.example:443 --option username=lasare --secret password --secret-stdin
cli-login-sql-as = Vad inloggningen ska heta
cli-login-sql-driver = ADBC-drivrutinen: sökvägen till dess bibliotek, eller ett namn som ett manifest i en mapp i ADBC_DRIVER_PATH står för
cli-login-sql-option = En inställning för drivrutinen, till exempel uri=…; upprepa för flera
cli-login-sql-secret = Namnet på en inställning som är en hemlighet; upprepa för flera
cli-login-sql-secret-stdin = Läs hemligheterna från standardindata, en per rad, i den ordningen; de sparas i nyckelringen
cli-login-sql-yes = Byt ut en inloggning för en annan drivrutin med det här namnet utan att fråga

cli-logins = Lista sparade inloggningar
cli-logins-examples =
    segue logins
    segue logins --json

cli-logout = Ta bort en sparad inloggning och dess hemligheter
cli-logout-examples =
    segue logout jobbet
    segue logout jobbet --yes
cli-logout-login = Inloggningen som ska tas bort
cli-logout-yes = Fråga inte, inte ens när exportmål använder inloggningen

cli-add = Spara ett exportmål: vad som ska exporteras, varifrån och till vilken målgrupp
cli-add-examples =
    segue add --name "Vårens nyhetsbrev" --accept-privacy --audience a1b2c3d4e5 \
      --source folder:./profiler --segment-by "Nivå" --all-segments \
      --map email=E-post --map FNAME=Förnamn --map LNAME=Efternamn \
      --consent-attribute "Samtycke" --status-if-new subscribed
    segue add --from var.toml --accept-privacy
cli-add-name = Exportmålets visningsnamn, 1 till 100 tecken
cli-add-accept-privacy = Jag accepterar att data lämnar Customer Insights; utan flaggan visas texten att ta ställning till
cli-add-login = Sparad inloggning att använda; kan utelämnas när bara en når målgruppen
cli-add-audience = Målgrupps-ID i Mailchimp
cli-add-source = Var profilerna finns: folder:SÖKVÄG, dataverse:URL, insights:INSTANS-ID eller sql:INLOGGNING
cli-add-source-login = Exportanvändarens inloggning, för en källa i Customer Insights
cli-add-map = Fyll e-postadressen eller ett kopplingsfält med ett attribut: email=ATTRIBUT, FNAME=ATTRIBUT, ADDRESS.city=ATTRIBUT eller language=ATTRIBUT; kan anges flera gånger
cli-add-segment = Segment att exportera, med ID eller etikett; kan anges flera gånger
cli-add-all-segments = Exportera alla segment som finns nu
cli-add-status-if-new = Vad nya kontakter blir: subscribed (prenumererar), pending (ombeds bekräfta först) eller transactional (ingen reklam); inget är förvalt
cli-add-consent-attribute = Attribut som säger om en person har samtyckt: ATTRIBUT, !ATTRIBUT när det säger motsatsen, eller ATTRIBUT=VÄRDE,… med värdena som innebär att en person får e-post; den som inte säger ett känt ja läggs inte till
cli-add-dismiss-consent = Attribut som ser ut som samtycke men inte är det, så att inget varnar för det; kan anges flera gånger, "" glömmer de tidigare
cli-add-on-leave = Vad som händer med taggen när en profil lämnar segmentet: untag (tas bort) eller keep (behålls) [untag]
cli-add-tag = Ett annat namn på taggen för ett segment: SEGMENT=TAGG; kan anges flera gånger
cli-add-adopt-tags = Använd taggar med samma namn som redan finns i målgruppen [false]
cli-add-clear-empty = Töm ett kopplingsfält när profilens värde är tomt [false]
cli-add-create-fields = Skapa kopplingsfält som saknas i målgruppen
cli-add-layout = Vad filerna i en mapp innehåller, när Segue inte kan avgöra det självt: one-file, profiles-and-segments, file-per-segment eller tables
cli-add-queries = Mapp med frågor, för en SQL-källa: varje fil NAMN.sql är ett segment, dess första kommentarsrad etiketten
cli-add-segment-by = Kolumn i en ensam fil vars värden är segmenten
cli-add-id-column = Kolumn som innehåller profilens ID
cli-add-delimiter = Tecken mellan kolumnerna, när Segue inte kan avgöra det självt
cli-add-date-order = Ordningen i datum: mdy, dmy eller ymd, när den inte framgår av värdena; FÄLT=ORDNING gäller ett kopplingsfält, och kan anges flera gånger
cli-add-max-profiles = Högst så många profiler får en körning exportera [1000000]
cli-add-max-segments = Tillåt så här många segment, som alla blir taggar [60]
cli-add-force = Spara även när e-postattributet knappt innehåller någon adress
cli-add-offline = Spara utan att fråga Mailchimp eller källan om allt är på plats
cli-add-from = Läs exportmålet från en TOML-fil

cli-list = Lista sparade exportmål
cli-list-examples =
    segue list
    segue list --json | jq -r '.[] | select(.why) | .name'

cli-show = Visa ett sparat exportmål
cli-show-examples =
    segue show "Vårens nyhetsbrev"
    segue show "Vårens nyhetsbrev" --toml > var.toml
cli-show-name = Exportmålets namn
cli-show-toml = Skriv ut det som TOML, så som segue add --from läser det

cli-edit = Ändra ett sparat exportmål
cli-edit-more = Bara det som anges ändras. --segment ersätter listan över segment, --map FÄLT= tar bort ett fält, --tag SEGMENT= ett annat namn på en tagg; ett tomt värde ("") tar bort --consent-attribute, --layout, --segment-by, --id-column och --delimiter; --adopt-tags=false och --clear-empty=false slår av. En annan källa eller målgrupp kräver --accept-privacy igen.
cli-edit-destination = Exportmålets namn
cli-edit-removed-tags = Vad som händer med taggarna för segment som tas bort ur exportmålet, på dem som har dem: untag (tas bort i nästa körning, hur många det än är) eller keep (behålls)
cli-edit-no-login = Ta bort anslutningen: exportmålet blir kvar, och körs inte förrän det har en annan inloggning
edit-removed-tags = { $count ->
    [one] Personer kan ha taggen ”{ $tags }”, som exportmålet inte längre ger. Ta bort den från dem i nästa körning?
   *[other] Personer kan ha { $count } taggar som exportmålet inte längre ger: { $tags }. Ta bort alla dessa från dem i nästa körning?
}
cli-edit-examples =
    segue edit "Vårens nyhetsbrev" --login klubben
    segue edit "Vårens nyhetsbrev" --map FNAME=FirstName --map PHONE=

cli-rename = Ge ett sparat exportmål ett annat namn; historiken följer med
cli-rename-examples =
    segue rename "Vårens nyhetsbrev" "Sommarens nyhetsbrev"
cli-rename-name = Exportmålets namn
cli-rename-new = Det nya namnet

cli-duplicate = Spara en kopia av ett exportmål under ett annat namn, utan historik
cli-duplicate-examples =
    segue duplicate "Vårens nyhetsbrev" "Sommarens nyhetsbrev" --accept-privacy
cli-duplicate-name = Exportmålets namn
cli-duplicate-new = Kopians namn
cli-duplicate-accept-privacy = Jag accepterar att data lämnar Customer Insights; utan flaggan visas texten att ta ställning till

cli-remove = Ta bort ett sparat exportmål och sluta exportera till det
cli-remove-examples =
    segue remove "Vårens nyhetsbrev"
    segue remove "Vårens nyhetsbrev" --yes --purge
cli-remove-name = Exportmålets namn
cli-remove-yes = Fråga inte
cli-remove-purge = Ta även bort historiken över dess körningar, och vilka taggar som är dess egna
cli-remove-keep-login = Behåll inloggningen, även när inget annat använder den

cli-check = Berätta vad en körning skulle göra; skriver ingenting
cli-check-examples =
    segue check "Vårens nyhetsbrev"
    segue check "Vårens nyhetsbrev" --json
    segue check "Vårens nyhetsbrev" --diff
    segue check "Vårens nyhetsbrev" --diff --csv > ändringar.csv
cli-check-name = Exportmålets namn
cli-check-diff = Lista vad som skulle hända med varje kontakt; med -v även dem som förblir som de är, med --json som listan changes
cli-check-csv = Skriv ut den listan som CSV, en rad för varje värde som ändras, och ingenting annat
cli-check-trust-counts = Fortsätt även när det som lästes ur en källa eller målgrupp inte är vad tjänsten räknade till

cli-run = Exportera: för över de valda segmenten till målgruppen
cli-run-examples =
    segue run "Vårens nyhetsbrev"
    segue run "Vårens nyhetsbrev" --limit 100
    segue run "Vårens nyhetsbrev" --json --strict
cli-run-name = Namn på exportmålen, som körs ett i taget
cli-run-all = Kör alla sparade exportmål
cli-run-scheduled = Kör alla exportmål som har ett schema, vare sig de är på tur eller inte
cli-run-limit = Exportera bara de första N profilerna; en senare körning utan flaggan exporterar även de andra
cli-run-only-rejects = Exportera bara dem som den senaste hela körningen avvisade och som kan lyckas nu: senare, eller när något har rättats i källan eller kopplingen
cli-run-fresh = Lita inte på något som Segue minns av målgruppen, utan läs om hela
cli-run-allow-overage = Fortsätt även om kontot får fler kontakter än dess abonnemang tillåter
cli-run-allow-shrink = Fortsätt även om källan har krympt till mindre än hälften, eller ett segment är borta eller tomt
cli-run-max-removals = Hur många procent av en taggs medlemmar som får förlora den i en körning, 0 till 100 [5, och alltid 50 medlemmar]
cli-run-max-in-flight = Samtidiga anrop till Mailchimp, 1 till 10 [8]
cli-run-trust-counts = Fortsätt även när det som lästes ur en källa eller målgrupp inte är vad tjänsten räknade till
cli-run-wait = Vänta tills en pågående uppdatering av källan och en annan körning är klara
cli-run-strict = Avsluta med kod 3 för varje avvisad profil, även för dem som fanns i förra körningen

cli-undo = Ångra en körning: arkivera dem som den skapade, återställ det den ändrade
cli-undo-examples =
    segue undo "Vårens nyhetsbrev"
    segue undo "Vårens nyhetsbrev" 20261126T174622.123Z-5a8f --yes
cli-undo-name = Exportmålets namn
cli-undo-run = Körningen; annars den senaste som skrev
cli-undo-yes = Fråga inte

cli-history = Lista körningarna för ett exportmål, eller för alla, eller visa en av dem helt
cli-history-examples =
    segue history
    segue history "Vårens nyhetsbrev"
    segue history "Vårens nyhetsbrev" 20261126T174622.123Z-5a8f
    segue history --json
cli-history-name = Exportmålets namn; annars alla, även borttagna
cli-history-run = Körningen som ska visas helt

cli-rejects = Lista profilerna som en körning inte kunde leverera, med orsak och råd
cli-rejects-examples =
    segue rejects "Vårens nyhetsbrev"
    segue rejects "Vårens nyhetsbrev" --csv > avvisade.csv
    segue rejects "Vårens nyhetsbrev" --remembered
    segue rejects "Vårens nyhetsbrev" --forget < adresser.txt
cli-rejects-name = Exportmålets namn
cli-rejects-run = Körningen; annars den senaste
cli-rejects-csv = Skriv ut CSV
cli-rejects-remembered = Lista dem som Mailchimp har avvisat för gott, eller nyligen sagt emot sig självt om, och som Segue därför lämnar i fred
cli-rejects-forget = Glöm att personer avvisades: läser deras e-postadresser från standardindata, en per rad

cli-erase = Radera en person för gott: i målgruppen och i alla Segues filer
cli-erase-examples =
    segue erase "Vårens nyhetsbrev" --email-stdin --confirm delete < adress.txt
cli-erase-name = Namn på ett exportmål till målgruppen
cli-erase-email-stdin = Läs personens e-postadress från standardindata
cli-erase-confirm = Måste vara ordet delete: det som raderas kan inte återskapas

cli-doctor = Ta reda på vad som är fel på den här datorn, med inloggningarna och med exportmålen, och vad som kan göras
cli-doctor-examples =
    segue doctor
    segue doctor --json

cli-completions = Skriv ut ett skript som kompletterar kommandon, flaggor och sparade namn i ett skal
cli-completions-examples =
    source <(segue completions bash)
    source <(segue completions zsh)
    segue completions fish > ~/.config/fish/completions/segue.fish
cli-completions-shell = Skalet: bash, elvish, fish, powershell eller zsh

cli-man = Skriv ut handboken
cli-man-examples =
    segue man | man -l -
    segue man > segue.1

man-name = Namn
man-synopsis = Användning
man-exits = Slutkoder
man-exit-0 = Klart; även med avvisade som den förra rapporten också hade
man-exit-1 = Misslyckades
man-exit-2 = Kommandoraden är fel, ett namn är okänt eller ett svar saknas
man-exit-3 = Klart, med nya avvisade
man-exit-4 = En inloggning behövs
man-exit-5 = Ett tillfälligt fel, eller kontot är upptaget av en annan körning: kör igen för att fortsätta
man-exit-6 = Ett skydd stoppade innan något skrevs
man-exit-130 = Stoppades med Ctrl-C: kör igen för att fortsätta
man-exit-143 = Stoppades av en signal: kör igen för att fortsätta
man-exit-70 = Ett fel i Segue självt
man-variables = Miljövariabler
man-SEGUE_HOME = Mappen med allt som Segue sparar
man-SEGUE_MAILCHIMP_TOKEN = Åtkomsttoken eller API-nyckel till Mailchimp, i stället för nyckelringen
man-SEGUE_INSIGHTS_REFRESH_TOKEN = Uppdateringstoken för exportanvändaren, i stället för nyckelringen
man-SEGUE_INSIGHTS_SUBSCRIPTION_KEY = Prenumerationsnyckel till Customer Insights-API:et, i stället för nyckelringen
man-SEGUE_MAILCHIMP_API_URL = En annan adress till Mailchimps API, till exempel sandlådans
man-SEGUE_MAILCHIMP_LOGIN_URL = En annan adress till Mailchimps inloggning, till exempel sandlådans
man-SEGUE_ENTRA_AUTHORITY = En annan auktoritet för exportanvändarens inloggning
man-SEGUE_INSIGHTS_URL = En annan adress till Customer Insights-API:et
man-SEGUE_THEME = Programmets färger: terminal, dark, light, contrast [terminal]
man-SEGUE_HTTP_TIMEOUT = Sekunder att vänta på en tjänsts svar [125]
man-SEGUE_PLAIN = Frågor och svar rad för rad, som med --plain
man-SEGUE_LOG = Vad som hamnar i logs/segue.log, till exempel segue=debug
man-NO_COLOR = Inga färger
man-HTTPS_PROXY = Proxyn som tjänsterna nås genom

cli-segments = Lista segmenten i ett exportmåls källa, eller skriv ut ett av dem
cli-segments-examples =
    segue segments "Vårens nyhetsbrev"
    segue segments "Vårens nyhetsbrev" Guld --preview
    segue segments "Vårens nyhetsbrev" Guld --csv > guld.csv
cli-segments-name = Exportmålets namn
cli-segments-segment = Segmentet, med dess ID eller etikett
cli-segments-preview = Skriv ut de första 100 medlemmarna: profil-ID och kopplade attribut
cli-segments-csv = Skriv ut alla medlemmar som CSV: profil-ID och kopplade attribut

cli-schedule = Bestäm när exportmål körs automatiskt, så länge segue watch är igång; utan flagga visas vad som gäller
cli-schedule-examples =
    segue schedule "Nyhetsbrev" --daily 06:00 18:00
    segue schedule "Nyhetsbrev" Medlemmar --weekly mon,thu 06:00 --tz Europe/Stockholm
    segue schedule "Nyhetsbrev" --on-refresh
    segue schedule "Nyhetsbrev" --off
cli-schedule-name = Exportmålens namn; utan namn och utan schema alla
cli-schedule-off = Aldrig automatiskt
cli-schedule-daily = Varje dag vid dessa tider, en till fyra, var och en som HH:MM
cli-schedule-weekly = Varje vecka på dessa dagar (mon,thu), vid en till fyra tider
cli-schedule-on-refresh = Efter varje uppdatering av källan från och med nu
cli-schedule-quiet-seconds = Med --on-refresh: hur länge källan ska ha varit stilla innan den räknas som uppdaterad [en mapp 60, Dataverse 900; Customer Insights säger till själv]
cli-schedule-tz = Tidernas tidszon, till exempel Europe/Stockholm; ensam ändrar den tidszonen för det schema som finns [schemats hittills, annars datorns egen]
cli-schedule-print-unit = Skriv ut det som håller segue watch igång: systemd, cron, launchd eller task (Windows)

cli-watch = Sköt alla scheman: kör det som är på tur, tills det stoppas
cli-watch-examples =
    segue watch
    segue watch --json
    segue watch --once
cli-watch-once = Kör det som är på tur nu, en gång var, och avsluta: för cron och timer
