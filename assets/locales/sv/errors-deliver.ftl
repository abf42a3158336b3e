# Vad som går fel vid anrop till Mailchimp.

# Vad som pågick; står efter ”kunde inte”.
doing-read-account = läsa kontot
doing-read-clock = läsa Mailchimps klocka
doing-list-audiences = lista målgrupperna
doing-read-audience = läsa målgruppen
doing-read-merge-fields = läsa kopplingsfälten
doing-create-merge-field = skapa ett kopplingsfält
doing-read-tags = läsa taggarna
doing-count-contacts = räkna kontakterna
doing-read-contacts = läsa kontakterna
doing-read-contact = läsa en kontakt
doing-read-contact-tags = läsa en kontakts taggar
doing-archive-contact = arkivera en kontakt
doing-read-tag-members = läsa vilka som har en tagg
doing-untag-contacts = ta bort en tagg
doing-put-contact-back = återställa en kontakt
doing-restore-values = återställa en kontakts värden
doing-restore-tags = återställa en kontakts taggar
doing-deliver-batch = leverera en omgång
doing-create-members = lägga till medlemmar
doing-update-members = uppdatera medlemmar

error-http-build = Segue kunde inte upprätta krypterade anslutningar.
    .why = Systemet svarar: { $cause }
    .next = Kontrollera operativsystemets certifikat (i Linux paketet ca-certificates) och proxyn (HTTPS_PROXY).

error-endpoint-no-url = ”{ $address }” är inte en webbadress.
    .why = En tjänst nås på en adress som https://us1.api.mailchimp.com/3.0.
    .next = Kontrollera stavningen: en adress börjar med https:// och namnet på en värd.
error-endpoint-plain = ”{ $address }” är inte krypterad.
    .why = Ett lösenord eller en token skulle kunna läsas på vägen; okrypterad http är bara för den egna datorn (127.0.0.1).
    .next = Använd en adress som börjar med https.

error-endpoint-user-info = Adressen till ”{ $address }” innehåller ett användarnamn eller ett lösenord.
    .why = Det skulle stå där man väntar sig en värd, och kunde få adressen att se ut som en annan.
    .next = Utelämna det som står före @.


error-deliver-sign-in = Mailchimp godtar inte inloggningen.
    .why = { $cause }
    .next = Den har återkallats, eller så är kontot stängt: logga in igen under samma namn (--as INLOGGNING) och kör sedan igen.
    .run = segue logins
    .run2 = segue login mailchimp --help
    .next2 = Om SEGUE_MAILCHIMP_TOKEN är satt används den i stället för nyckelringen: rätta den eller ta bort den.
error-deliver-refused = Mailchimp nekade Segue att { $doing } (HTTP { $status }).
    .why = { $cause }
    .next = Rätta det som Mailchimp anmärker på, till exempel din användares behörighet eller abonnemangets gränser, och kör sedan igen.
error-deliver-not-found = Segue kunde inte { $doing }: det finns inte i Mailchimp.
    .why = Målgruppen är borttagen, dess ID är fel, eller så hör den till ett annat konto än inloggningen.
    .next = Jämför målgrupps-ID:t med det i Mailchimp ({ -menu-audience-id }), och inloggningen med dess konto.
    .run = segue logins
error-deliver-unreachable = Segue kunde inte { $doing }.
    .why = { $tries ->
        [one] Ett försök gjordes. { $cause }
       *[other] { $tries } försök gjordes. { $cause }
    }
    .next = Kör igen om några minuter; det som redan är levererat skickas inte en gång till.
    .next2 = Kontrollera nätverket och proxyn (HTTPS_PROXY); https://status.mailchimp.com berättar om driftstörningar.
error-deliver-unseen = Segue vet inte om det gick att { $doing }: svaret uteblev.
    .why = Mailchimp kan ha gjort det eller inte, så anropet upprepades inte utan vidare.
    .next = Kör igen; Segue läser då i målgruppen hur det gick.
error-deliver-too-much = Segue kunde inte { $doing }: för mycket för ett anrop.
    .why = Mailchimp, eller en mellanstation, godtog inte anropets storlek eller svarade inte i tid, även när det gjordes mindre.
    .next = Kör igen om några minuter; blir det likadant kan en proxy begränsa anropens storlek.
error-deliver-unreadable = Segue kunde inte { $doing }: svaret såg inte ut som ett från Mailchimp.
    .why = { $cause }
    .next = Kör igen om några minuter; blir det likadant kan en proxy ändra svaren.
    .next2 = { step-report-bug }
error-deliver-status-changed = En uppdatering ändrade en kontakts status från ”{ $before }” till ”{ $after }”, så körningen stoppades.
    .why = Uppdateringar får aldrig ändra en status. Segue prövar först med högst tio kontakter; mer än så har inte skickats.
    .next = Leta i Mailchimp efter en automatisering eller ett annat program som ändrar status, och se på de tio senaste ändringarna i målgruppen.
    .next2 = Se efter vad en körning skulle göra med segue check { $saved } innan du kör igen.
error-deliver-many-recreated = { $count } personer som hade raderats eller arkiverats under tiden återskapades av körningen, som därför stoppades.
    .why = Var och en av dem arkiverades igen. Så många försvinner inte av en slump under en körning: någon annan ändrar i målgruppen.
    .next = Låt det andra programmet, eller kollegan som arkiverar, bli klar först. Kör sedan igen.
error-deliver-stopped = Körningen stoppades.
    .why = Du bad om det; det som är levererat förblir levererat.
    .next = Kör igen när du vill att resten ska levereras.
