# Terminalprogrammet.

ui-too-small = Segue behöver ett fönster på minst { $width } × { $height } tecken. Gör det här större för att fortsätta.
ui-looking = Ser efter …
ui-none = inget
ui-more = och { $count } till
ui-above = ↑ { $count } till
ui-below = ↓ { $count } till
ui-members = { $count ->
    [one] { $count } medlem
   *[other] { $count } medlemmar
}

ui-title-new = Nytt exportmål
ui-title-edit = Redigera exportmål
ui-group-connection = Anslutning
ui-group-export = Export
ui-steps = Steg
ui-title-step = steg { $step } av { $steps }
ui-title-run = Export
ui-title-report = Rapport

ui-key-palette = kommandon
ui-key-help = hjälp
ui-palette-title = Kommandon
ui-palette-none = Inget kommando heter så.
ui-help-title = Hjälp
ui-key-new = nytt
ui-key-run = kör
ui-key-changes = ändringar
ui-key-kind = typ
ui-key-whole = detaljer
ui-key-check = kontrollera
ui-key-edit = redigera
ui-key-open = öppna
ui-key-remove = ta bort
ui-key-filter = filtrera
ui-key-quit = avsluta
ui-key-done = klart
ui-key-clear = rensa
ui-key-next = nästa
ui-key-choose = välj
ui-key-back = tillbaka
ui-key-account = inloggning
ui-key-field = nästa fält
ui-key-browser = öppna i webbläsaren
ui-key-copy-code = kopiera koden
ui-key-copy = kopiera adressen
ui-key-cancel = avbryt
ui-key-change = ändra
ui-key-add = lägg till attribut
ui-key-preview = förhandsgranska
ui-key-all = alla
ui-key-members = medlemmar
ui-key-go = utför
ui-key-stop = stoppa
ui-key-drop = avbryt pågående anrop
ui-key-background = tillbaka, låt köra
ui-key-leave = lämna
ui-key-step-back = steget före
ui-key-step-on = nästa steg
ui-key-go-to = gå till ett steg med dess nummer
ui-key-stay = stanna kvar
ui-key-throw-away = kasta
ui-key-step = steg
ui-key-export = spara och exportera
ui-key-home = exportmål
ui-key-rejects = avvisade
ui-key-again = skicka igen
ui-key-fresh = kör och läs om allt
ui-key-move = bläddra
ui-key-yes = ja
ui-key-no = nej
ui-key-login-too = inloggning också

ui-help-moving = Piltangenterna eller j k flyttar markeringen. Tabb går till nästa fält. Retur går vidare, blanksteg väljer, Esc går en nivå tillbaka, och lämnar guiden. I guiden går Ctrl-↑ och Ctrl-↓ från steg till steg, Ctrl-G och en siffra till ett steg du har sett. Ctrl-C avslutar programmet.
ui-help-palette = : listar allt som går att göra här; skriv för att söka i listan.
ui-help-typing = Medan du skriver är bokstäver text: hjälpen nås med F1 här.
ui-help-start = Det du behöver innan du börjar. Det Segue kan kontrollera självt får en bock; inget här hindrar dig.
ui-help-name = Namnet skiljer dina exportmål åt, här och på kommandoraden. Bara du ser det. Du kan ändra det senare.
ui-help-consent = Inget sparas och inget skickas innan du accepterar. Segue noterar när du gjorde det, ditt användarnamn och vilken text du läste.
ui-help-audience = I Mailchimp: { -menu-audience-id }. ID:t har ungefär tio bokstäver och siffror. När du har loggat in kan du välja ur en lista i stället.
ui-help-login = Mailchimp kräver en egen app: { -menu-apps }, med omdirigerings-URI:n http://127.0.0.1:8723/callback. Det går också med en API-nyckel: { -menu-api-keys }. Hemligheter hamnar i systemets nyckelring och ingen annanstans.
ui-help-source = Profilerna läses av en exportanvändare: du själv, eller en användare för ändamålet. Registrera en app en gång: entra.microsoft.com → Appregistreringar → Ny registrering. Lägg under Autentisering till ”Mobil- och skrivbordsprogram” med http://localhost; för koder, tillåt offentliga klientflöden. Lägg under API-behörigheter till Dynamics CRM → user_impersonation, eller Dynamics 365 AI for Customer Insights för API:et. Klient-ID och klientorganisation står på appens översikt. En mapp med exporterade CSV-filer går också bra, även en som Customer Insights eller Synapse Link har skrivit.
ui-help-matching = Till vänster står kopplingsfältet i Mailchimp, till höger attributet i dina profiler som fyller det. Värdena bredvid kommer från dina data, så att ett felval syns direkt. Blanksteg ändrar en rad.
ui-help-segments = Bara profiler i de valda segmenten exporteras; varje segment blir en tagg i Mailchimp. En profil i flera segment exporteras en gång.
ui-help-rules = De som redan finns i målgruppen behåller sin status, vad du än väljer här. Den som har avslutat prenumerationen blir aldrig prenumerant igen.
ui-help-review = Varje rad leder tillbaka till sitt steg. Spara kör ingenting. { $key }, eller Spara och exportera, frågar en gång och gör sedan båda.

ui-step-start = Innan du börjar
ui-step-name = Namn och sekretess
ui-step-audience = Anslut till Mailchimp
ui-step-login = Autentisera med Mailchimp
ui-step-source = Lägg till dig själv som exportanvändare
ui-short-limit = Gräns
ui-limit = { $count ->
    [one] högst { $count } profil
   *[other] högst { $count } profiler
}
ui-short-privacy = Sekretess
ui-short-audience = Målgrupp
ui-short-mailchimp = Mailchimp
ui-short-source = Exportanvändare
ui-step-rules = Regler
ui-step-review = Granska

ui-start-lead = Segue exporterar segment av kundprofiler till en målgrupp i Mailchimp. Du behöver:
ui-start-account = ett Mailchimp-konto med administratörsbehörighet
ui-start-audience = en målgrupp i Mailchimp och dess ID
ui-start-segments = segment, i Customer Insights eller i en mapp som den här datorn kan läsa
ui-start-email = ett attribut med e-postadressen i dina profiler
ui-start-later = Svaren sparas efter hand: du kan lämna när som helst och fortsätta senare.

ui-name-later = Du kan ändra detta senare.
ui-name-good = Namnet är ledigt. Du kan ändra det senare.
ui-name-taken = Ett annat exportmål har det namnet.

ui-consent-needed = Tryck på blanksteg.

ui-audience-lead = Vilken målgrupp ska ta emot profilerna?
ui-audience-empty = Dina målgrupper visas här så snart du har loggat in.
ui-audience-bad = Ett målgrupps-ID består av bokstäver och siffror, som a1b2c3d4e5.
ui-audience-choose = Dina målgrupper
ui-audience-pick = Välj en med ↑ ↓ eller skriv dess ID.
ui-audience-needed = Välj en målgrupp med ↑ ↓ eller skriv dess ID.
ui-audience-no-campaign = ingen än
ui-col-members = Medlemmar
ui-col-campaign = Senaste kampanj
ui-audience-found = { $count ->
    [one] { $name } · { $count } medlem
   *[other] { $name } · { $count } medlemmar
}
ui-audience-absent = Ingen av dina målgrupper har det ID:t.
ui-audience-after = Kontrolleras så snart du har loggat in.

ui-login-lead = Logga in som någon som får hantera målgruppen.
ui-login-connected = Ansluten till Mailchimp: { $account }
ui-login-go-on = Gå vidare
ui-login-audience = Välj målgruppen
ui-login-approve = Godkänn här (demonstrationens egen inloggning)
ui-login-browser = Logga in med webbläsaren
ui-login-use-key = Använd en API-nyckel
ui-login-saved = Använd den sparade inloggningen { $login }
ui-login-app-lead = Appen som du har registrerat hos Mailchimp:
ui-login-client-id = Klient-ID
ui-login-client-secret = Klienthemlighet
ui-login-redirect = Dess omdirigerings-URI ska vara exakt http://127.0.0.1:8723/callback.
ui-login-key-lead = En API-nyckel till ditt Mailchimp-konto. Den sparas i systemets nyckelring.
ui-login-lacks-id = Klient-ID saknas: det finns i appen som du registrerade i Mailchimp.
ui-login-lacks-secret = Klienthemligheten saknas: den finns bredvid klient-ID i appen.
ui-login-lacks-key = API-nyckeln saknas: klistra in den här.
ui-login-key = API-nyckel
ui-login-waiting = Godkänn i webbläsaren; Segue väntar upp till fem minuter. Retur öppnar sidan igen:
ui-login-paste = Webbläsare på en annan dator? Klistra in adressen som den skickades tillbaka till:
ui-login-asking = Frågar Mailchimp …

ui-source-approve = Imiterad Customer Insights (godkänn här)
ui-source-lead = Varifrån kommer profilerna?
ui-source-folder = Mapp
ui-source-layout = Upplägg
ui-source-segment-by = Segment efter
ui-source-id = ID i
ui-source-found = Läst: { $segments } segment, { $attributes } attribut
ui-source-holds = { $segments } segment, { $attributes } attribut
ui-source-refreshing = Den uppdateras just nu; segment kan ändras.
ui-source-dataverse = Customer Insights i Dataverse (rekommenderas)
ui-source-insights = Customer Insights API (v1)
ui-source-files-way = En mapp med exporterade filer
ui-source-saved = Använd exportanvändaren { $login } ({ $source })
ui-source-again = Försök igen
ui-folder-lead = En mapp med exporterade filer, eller en fil
ui-folder-example = Till exempel ~/exporter/augusti eller ~/exporter/personer.csv; Tabb fyller i resten.
ui-folder-connected = Ansluten till mappen med filer
ui-user-connected = Ansluten till Customer Insights: { $account }
ui-user-dataverse-lead = Logga in som en användare som får läsa tabellerna i Customer Insights i den här miljön. Senare körningar görs i den användarens namn.
ui-user-insights-lead = Logga in som en användare av Customer Insights. Senare körningar görs i den användarens namn. Nyckeln finns där under Behörigheter → API:er.
ui-user-environment = Miljö
ui-user-key = Prenumerationsnyckel
ui-user-client-id = Klient-ID
ui-user-tenant = Klientorganisation
ui-user-how = Logga in
ui-user-by-browser = i webbläsaren
ui-user-by-code = med kod på en annan enhet
ui-user-code-blocked = En del organisationer spärrar koder; logga då in i webbläsaren i stället. Det går även på en annan dator: du klistrar in adressen här.
ui-user-register = Klient-ID och klientorganisation hör till en app som registreras en gång i Microsoft Entra; hjälpen visar hur (F1).
ui-user-lacking = Fyll i det här fältet först.
ui-user-no-instance = Användaren ser ingen instans av Customer Insights. Be en administratör om åtkomst, eller logga in som en annan användare.
ui-user-pick = Vilken instans?
ui-user-asking = Frågar Microsoft …
ui-user-code-lead = Öppna sidan på valfri enhet och ange koden:
ui-user-code-left = Koden gäller i { $time } till.
ui-segments-state = { $segment }: { $state }, senast uppdaterat { $time }
ui-segments-not-ready = ”{ $segment }” är inte aktuellt ({ $state }): en körning med det nekas.
layout-auto = identifieras automatiskt
layout-one-file = en fil
layout-profiles-and-segments = profiler och segments/
layout-file-per-segment = en fil för varje segment
layout-tables = tabeller från Customer Insights eller Synapse Link
ui-holds-profiles = profiler
ui-holds-rows = ett segment
ui-holds-ids = ID:n i ett segment
ui-holds-members = medlemskap
ui-col-file = Fil
ui-col-holds = Innehåller
ui-col-size = Storlek
ui-source-files = { $count ->
    [one] { $count } fil
   *[other] { $count } filer
}
ui-source-exports = Export som läses: { $times }
ui-source-incomplete = Den nyare exporten av ”{ $table }” ({ $time }) är inte fullständig och läses inte; följande saknas eller är ofärdigt: { $files }
ui-missing-consent = Du har inte accepterat dataöverföringen än (steg { $step }).
ui-missing-login = Du har inte loggat in i Mailchimp än (steg { $step }).
ui-missing-audience = Målgruppen har inte hittats än (steg { $step }).

ui-matching-lead = Vilket attribut fyller vad? * = obligatoriskt
ui-matching-legend = ≈ = gissat efter namnet
ui-matching-add = Lägg till attribut
ui-matching-choose = Vilket attribut fyller { $field }?
ui-matching-make = Nytt kopplingsfält
ui-matching-make-how = skriv dess tagg ovan eller välj detta; det skapas när du sparar
ui-matching-long-tag = Taggen { $tag } är för lång: Mailchimp tar { $most } tecken.
ui-matching-guessed = gissat
ui-matching-blank = { $percent }{"\u00A0"}% tomt
ui-matching-field-first = Tabb väljer attributet först
ui-matching-attribute-first = Tabb väljer kopplingsfältet först
ui-matching-which = Vilket attribut?
ui-matching-fills = Vilket kopplingsfält fyller { $attribute }?
ui-col-field = Kopplingsfält
ui-col-kind = Typ
ui-col-attribute = Attribut
ui-col-blank = Tomt
ui-col-values = Första värden
ui-field-lead = Ett nytt kopplingsfält för { $attribute }
ui-field-tag = Tagg
ui-field-name = Namn
ui-field-kind = Typ
ui-field-later = Det skapas i målgruppen när du sparar.
ui-field-looking = Alla värden gås igenom för att hitta typen …
ui-field-bad-tag = En tagg består av bokstäver, siffror och _, som SKOSTORLEK.
ui-field-there = Målgruppen har redan { $tag }: välj det i listan i stället.
field-kind-text = text
field-kind-number = tal
field-kind-address = adress
field-kind-phone = telefon
field-kind-date = datum
field-kind-birthday = födelsedag
field-kind-zip = USA-postnummer
field-kind-url = webbadress
field-kind-image = bild
field-kind-radio = alternativ
field-kind-dropdown = listruta
ui-matching-order = Hur är datumen i { $attribute } skrivna?
ui-matching-not-ready = Målgruppen eller profilerna är inte kända än.
ui-matching-gone = Profilerna har inte längre attributet { $attribute }.
ui-matching-address = e-postadress
ui-matching-rejects = { $all ->
    [one] Det första värdet passar inte ({ $kind }): profilen skulle avvisas.
   *[other] { $count ->
        [one] { $count } av de första { $all } värdena passar inte ({ $kind }): profilen skulle avvisas.
       *[other] { $count } av de första { $all } värdena passar inte ({ $kind }): profilerna skulle avvisas.
    }
}
ui-matching-leaves-out = { $all ->
    [one] Det första värdet passar inte ({ $kind }): det skulle utelämnas.
   *[other] { $count ->
        [one] { $count } av de första { $all } värdena passar inte ({ $kind }): det skulle utelämnas.
       *[other] { $count } av de första { $all } värdena passar inte ({ $kind }): de skulle utelämnas.
    }
}
ui-preview-without = utan { $what }
ui-preview-fields = { $count ->
    [one] Ytterligare ett fält: se nedan
   *[other] Ytterligare { $count } fält: se nedan
}
ui-preview-title = De första profilerna, och om värdena passar
ui-picker-filter = Filter

ui-segments-lead = Vilka segment ska exporteras?
ui-segments-total = { $chosen ->
    [one] { $chosen } valt
   *[other] { $chosen } valda
} · { $what ->
    [profiles] { $total } av
   *[memberships] { $total } medlemskap,
} { $limit ->
    [one] högst { $limit } profil
   *[other] högst { $limit } profiler
}
segments-together = { $people ->
    [one] { $people } person
   *[other] { $people } olika personer
} i { $memberships ->
    [one] { $memberships } medlemskap
   *[other] { $memberships } medlemskap
}
ui-segments-over = { $limit ->
    [one] Fler än { $limit } medlem sammanlagt.
   *[other] Fler än { $limit } medlemmar sammanlagt.
} Den som finns i flera segment räknas en gång, så det kan ändå få plats.
ui-segments-gone = Segmentet { $segment } finns inte längre i källan. Ta bort det med blanksteg.
ui-segments-members = De första medlemmarna i { $segment }

ui-rules-consent = Vem har sagt ja till utskick?
ui-rules-leaving = Lämnade segment, taggar, gränser
# Vad varje regel leder till, under sidan; högst två rader om 53 kolumner.
ui-about-subscribed = Kampanjer når dem från och med nu. Välj det bara om de har sagt ja till det.
ui-about-pending = Var och en får ett mejl från Mailchimp; den som inte bekräftar får inget mer.
ui-about-transactional = De finns i målgruppen med taggar och fält, men kampanjer når dem inte.
ui-about-consent = Bara de som har ett ja där läggs till. Utan attribut läggs alla i segmenten till.
ui-about-invert = Ett ja i attributet betyder då: skicka inget till den här personen.
ui-about-dismiss = Ingen utelämnas på grund av det. Du får säga varför, och det står i rapporten.
ui-about-untag = Den som lämnar ett segment mister taggen vid nästa körning men är kvar i målgruppen.
ui-about-keep = Den som lämnar ett segment behåller taggen, som om den var kvar.
ui-about-removed-asked = Taggen ges inte längre: välj om de som har den får behålla den.
ui-about-removed-untag = Nästa körning tar taggen från alla som har den, hur många de än är.
ui-about-removed-keep = De som har taggen behåller den; ingen annan får den.
ui-about-adopt = En tagg med samma namn räknas som din: den som lämnar segmentet mister den.
ui-about-clear = Där källan saknar värde töms fältet i Mailchimp i stället för att lämnas.
ui-about-max = En körning med fler personer än så stoppas innan något skickas.
ui-about-tag = I Mailchimp hittar du segmentets personer med den här taggen.
ui-about-go-on = Granskningen visar vad en export skulle göra; inget skickas än.
ui-rules-lead = Vilken status får nya kontakter?
ui-rules-subscribed = prenumererar: får dina nyhetsbrev direkt
ui-rules-pending = väntar: Mailchimp ber dem bekräfta först
ui-rules-transactional = transaktionell: får inga reklamutskick
ui-rules-invert = Attributet säger tvärtom (”skicka inte e-post”)
ui-rules-dismiss = { $attribute } gäller inte samtycke
ui-why-lead = Varför säger { $attribute } inte vem som har sagt ja till utskick?
ui-why-consequence = Utan det läggs nya personer till vad som än står där. Din orsak sparas med exportmålet.
ui-why-agreed = Alla i segmenten har samtyckt på annat sätt
ui-why-otherwise = Det säger något annat
ui-why-out-of-date = Det är inaktuellt eller knappt ifyllt
ui-why-own = Annan orsak:
ui-why-needed = Skriv orsaken, eller tryck Esc för att se på attributet igen.
ui-rules-consent-unused = Dina profiler verkar säga vem som vill ha e-post: välj attributet, eller kryssa i att det inte gäller samtycke.
ui-rules-status-needed = Välj status för nya kontakter; Segue antar ingen.
ui-rules-removed-tag = De som har ”{ $tag }”, som inte längre ges
ui-rules-removed-needed = Välj vad som händer med ”{ $tag }” på dem som har den.
ui-rules-on-leave = När någon lämnar ett segment
ui-rules-adopt = { $count ->
    [0] Använd taggar som redan finns i målgruppen
    [one] Använd en tagg som redan finns i målgruppen (1 heter likadant)
   *[other] Använd taggar som redan finns i målgruppen ({ $count } heter likadant)
}
ui-rules-clear = Ett tomt värde tömmer kopplingsfältet
ui-rules-tag = Tagg för { $segment }

ui-save = Spara
ui-save-and-export = Spara och exportera
ui-review-incomplete = Rader med ✗ saknar ännu ett svar.
ui-review-not-connected = Det saknar inloggning och exporteras inte förrän det har en: välj raden ”{ $step }” och tryck på { $key }.
ui-review-checking = Kontrollerar vad en export skulle göra …
ui-review-waits = Exporten väntar på kontrollen, så att du först ser vad den skulle göra.
ui-review-not-exported = Inget exporteras. Spara behåller exportmålet; { $key } kontrollerar igen.
ui-check-of = { $count ->
    [one] En export av { $count } profil skulle ge:
   *[other] En export av { $count } profiler skulle ge:
}
ui-check-title = En export av { $name } nu
ui-changes-title = Vad en export skulle ändra
ui-changes-all = Alla kontakter
ui-changes-none = Inget matchar.
ui-col-what = Vad
ui-col-contact = Kontakt
ui-col-changes = Ändringar

ui-home-empty = Ett exportmål säger vilka profiler som går till vilken målgrupp i Mailchimp, och enligt vilka regler. Du skapar det en gång och kör det sedan med en tangent.
ui-home-tour-new = skapar ditt första exportmål, steg för steg; svaren sparas under tiden
ui-home-tour-check = ser efter vad en export skulle göra, person för person, utan att skriva något
ui-home-tour-run = exporterar; { $undo } ångrar den senaste exporten, { $history } visar alla
ui-home-tour-help = visar tangenterna för där du är; musen fungerar också
ui-home-empty-demo = Inget Mailchimp-konto till hands? Prova allt med påhittade personer: segue demo
ui-home-nameless = ett nytt exportmål
ui-home-unfinished = … { $name }, påbörjat till ”{ $step }”. Retur fortsätter.
ui-home-edited = … { $name }, ändringar som inte är sparade. Retur fortsätter.
ui-home-no-match = Inget exportmål matchar filtret.
ui-col-last = Senast körd
ui-col-reason = Orsak
ui-col-line = Var

ui-phase-starting = startar
ui-phase-queued = i kö
ui-phase-waiting = väntar på uppdateringen
ui-phase-reading = läser
ui-phase-comparing = jämför
ui-phase-delivering = levererar
ui-pane-of = { $total ->
    [one] { $done } av { $total } profil
   *[other] { $done } av { $total } profiler
}
ui-pane-counts = Hittills
ui-pane-contacts-so-far = { $done ->
    [one] { $done } kontakt hittills
   *[other] { $done } kontakter hittills
}
ui-pane-so-far = { $done ->
    [one] { $done } rad läst hittills
   *[other] { $done } rader lästa hittills
}
ui-pane-rate = { $rate }/s
ui-pane-left = { $from } – { $to } kvar
ui-pane-lanes = pågående anrop: { $now } av { $limit }
ui-pane-chart = profiler per sekund
ui-pane-chart-rows = rader per sekund
ui-pane-chart-contacts = kontakter per sekund
ui-pane-starting = Exportmålet kontrolleras: inloggningar, målgrupp och källa. Ännu skrivs ingenting.
ui-pane-waiting = Customer Insights uppdaterar segmenten; läsningen börjar när det är klart. Ännu skrivs ingenting.
ui-pane-reading = Varje profil läses en gång från källan. Ännu skrivs ingenting till Mailchimp.
ui-pane-comparing = Målgruppen läses och jämförs med profilerna, för att se vad som skiljer. Ännu skrivs ingenting till Mailchimp.
ui-pane-throttled = { $count ->
    [one] Mailchimp bad oss sakta ned, en gång
   *[other] Mailchimp bad oss sakta ned, { $count } gånger
}
ui-pane-retries = { $count ->
    [one] ett anrop skickades igen
   *[other] { $count } anrop skickades igen
}
ui-pane-stopping = Stoppar: pågående anrop görs klara. Tryck { $key } igen för att avbryta dem.
ui-pane-dropping = Avbryter pågående anrop.
ui-pane-ended = Segue: { $name } är exporterat
ui-trouble-throttled = Mailchimp bad oss sakta ned: från och med nu högst { $limit } anrop samtidigt
ui-trouble-failed = Mailchimp fick ett internt fel; försöker igen, med högst { $limit } anrop samtidigt
ui-trouble-no-answer = Mailchimp svarade inte i tid; försöker igen, med högst { $limit } anrop samtidigt
ui-trouble-no-connection = Det finns ingen anslutning till Mailchimp; försöker igen, med högst { $limit } anrop samtidigt
ui-told-rejected = { $count ->
    [one] en profil avvisades
   *[other] { $count } profiler avvisades
}
ui-told-counts-differ = lästa kontakter: { $read }, räknade av Mailchimp: { $counted }; adresser som slås upp en och en: { $lookups }
ui-told-unclear = Mailchimp säger först att en kontakt finns, sedan att den inte gör det: { $said }
ui-told-repeated = { $count ->
    [one] { $count } rad uteslöts: dess ID fanns redan i samma fil
   *[other] { $count } rader uteslöts: deras ID fanns redan i samma fil
}

ui-sum-profiles = { $count ->
    [one] profil
   *[other] profiler
}
ui-sum-created = { $count ->
    [one] skapad
   *[other] skapade
}
ui-sum-updated = { $count ->
    [one] uppdaterad
   *[other] uppdaterade
}
ui-sum-unchanged = { $count ->
    [one] oförändrad
   *[other] oförändrade
}
ui-sum-suppressed = { $count ->
    [one] undantagen
   *[other] undantagna
}
ui-sum-rejected = { $count ->
    [one] avvisad
   *[other] avvisade
}
ui-sum-merged = { $count ->
    [one] sammanslagen
   *[other] sammanslagna
}
ui-sum-remaining = återstår
ui-sum-holds = Varje profil är redovisad.
ui-sum-broken = Summan stämmer inte: rapportera gärna felet.
ui-report-stopped = Kör det igen för att fortsätta.
ui-report-none = Exportmålet har inte körts än. Tryck Esc och sedan { $key } för att köra det.
ui-report-rejects = Avvisade
ui-report-count = { $count ->
    [one] { $count } avvisad
   *[other] { $count } avvisade
}
ui-report-left-out = { $count ->
    [one] { $count } utelämnat värde
   *[other] { $count } utelämnade värden
}
ui-report-none-raised = { $count ->
    [0] Ingen som hade sagt nej till utskick blev prenumerant igen.
    [one] En person lämnades i fred, på grund av ett nej till utskick, e-post som studsat eller samtycke som saknas; ingen blev prenumerant igen.
   *[other] { $count } personer lämnades i fred, på grund av ett nej till utskick, e-post som studsat eller samtycke som saknas; ingen blev prenumerant igen.
}
ui-report-raised = { $count ->
    [one] En kontakt har högre status än den hade: se efter i Mailchimp, och rapportera det gärna.
   *[other] { $count } kontakter har högre status än de hade: se efter i Mailchimp, och rapportera det gärna.
}
ui-next-rejects = { $count ->
    [one] se den avvisade profilen och vad som kan göras
   *[other] se de { $count } avvisade och vad som kan göras åt varje
}
ui-next-again = när de är rättade i källan: skicka de avvisade igen
ui-next-undo = ångra den här körningen
ui-next-edit = ändra exportmålet: dess inloggning, målgrupp, källa eller regler
ui-report-saved = Avvisade profiler, med orsak och råd, finns i:
ui-report-advice = Vad som kan göras åt varje
ui-report-no-rejects = Inga avvisade.

ui-ask-remove = Ta bort exportmålet { $name }?
ui-ask-remove-more = Dess avvisade profiler och det som Segue minns av det försvinner också. Det som Mailchimp redan har tagit emot finns kvar där.
ui-ask-remove-login = { $count ->
    [one] Inloggningen { $logins } försvinner också, med sin hemlighet, eftersom inget annat använder den.
   *[other] Inloggningarna { $logins } försvinner också, med sina hemligheter, eftersom inget annat använder dem.
}
ui-ask-stop-and-remove = En export till { $name } pågår. Stoppa den och ta bort exportmålet?
ui-ask-drop = Kasta det påbörjade exportmålet?
ui-ask-drop-changes = Kasta ändringarna i { $name } som inte är sparade?
ui-ask-export = Spara och exportera nu?
ui-ask-leave = Sparat som ett utkast att fortsätta med senare. Lämna?
ui-ask-leave-more = Retur eller Esc lämnar, s stannar kvar, d kastar dina svar.
ui-ask-quit = En export pågår. Stoppa den och lämna?
ui-ask-quit-more = Det som är levererat finns kvar; kör igen för att fortsätta.
ui-leaving = Stoppar. Segue avslutas när exporten har skrivit sin rapport.
ui-leaving-more = Pågående anrop görs klara först. Tryck { $key } för att avbryta dem.

ui-key-line = ny rad
ui-col-query = Fråga
ui-col-label = Etikett
ui-col-columns = Kolumner
ui-source-sql = SQL-motor (ADBC)
ui-sql-saved = Fråga SQL-motorn { $login } ({ $engine })
ui-sql-connected = Ansluten till SQL-motorn { $login } ({ $engine })
ui-sql-connect-lead = Hur nås motorn?
ui-sql-connect-hint = Med en ADBC-drivrutin: sökvägen till dess bibliotek (Tabb fyller i resten), eller ett namn som ett manifest står för. En inställning skrivs som uri=postgresql://lasare@db.example/crm.
ui-sql-secret-hint = Retur i en inställning ansluter. Hemligheter sparas i nyckelringen: de inställningar som kallas så här, och alla som ser ut som en.
ui-sql-name = Namn
ui-sql-driver = Drivrutin
ui-sql-setting = Inställning
ui-sql-secret = Hemlighet
ui-sql-setting-form = Skriv en inställning som NAMN=VÄRDE.
ui-sql-connecting = Ansluter till motorn …
ui-sql-asking = Frågar motorn …
ui-sql-queries-of = Frågor till SQL-motorn { $login } ({ $engine })
ui-sql-queries-hint = Varje fil NAMN.sql i en mapp är ett segment, dess första kommentarsrad etiketten. ID:n hittas på kolumnens namn, om du inte anger den. Retur på en fråga öppnar den.
ui-sql-write = Skriv eller klistra in en fråga
ui-sql-write-lead = En fråga blir ett segment
ui-sql-write-hint = SELECT id, email, … FROM …; en första rad ”-- Guldkunder” är dess etikett.
ui-sql-query-name = Namn
ui-sql-query-name-form = Namnge den med bokstäver, siffror, - eller _; det blir filens namn.
ui-sql-no-text = Skriv frågan först.
ui-sql-try-hint = Tabb går till namnet; Retur där provar frågan och visar de första raderna.
ui-sql-trying = Provar frågan …
ui-sql-rows = { $count ->
    [one] Den läser bara, och ger { $count } rad
   *[other] Den läser bara, och ger { $count } rader
}
ui-sql-reads = Den läser bara; motorn räknar inte raderna
ui-sql-keep-hint = Retur sparar den som { $file }
ui-sql-over-hint = Retur skriver den över { $file }
