# Vad som går fel med filerna som Segue sparar, och steg som flera fel har gemensamt.

# I den ordningen: med det sista exportmålet tar remove också bort inloggningen.
step-save-again = ändra det i programmet, eller med segue edit { $saved } och flaggan (segue edit --help); inget annat i det ändras.
step-report-bug = Kör igen med -v. Händer det på nytt, rapportera felet tillsammans med slutet av logs/segue.log; där finns inga e-postadresser.

error-list-more = { $shown } och { $count } till

error-store-no-home = Segue vet inte var filerna ska sparas.
    .why = Miljön anger ingen hemmapp, vilket är vanligt i cron eller en container.
    .next = Ange en mapp med --home MAPP, eller sätt SEGUE_HOME eller HOME.
error-store-read = Segue kunde inte läsa sin fil { $path }.
    .why = Systemet svarar: { $cause }
    .next = Ge din användare rätt att läsa filen, eller använd en annan mapp med --home MAPP.
error-store-write = Segue kunde inte skriva sin fil { $path }.
    .why = Systemet svarar: { $cause }
    .next = Frigör plats på disken, eller ge din användare rätt att skriva där; kör sedan igen.
    .next2 = Eller använd en annan mapp med --home MAPP.
error-store-damaged = { $path } innehåller inte det den ska.
    .why = { $cause }
    .next = Om du har ändrat i filen: ångra eller rätta ändringen.
    .next2 = Flytta annars undan den: ett exportmål sparas på nytt med segue add, en inloggning med segue login.
error-store-damaged-own = { $path } är skadad.
    .why = { $cause }
    .next = Kör exporten igen: det som Segue sparar för egen del görs om, och målgruppen läses i stället.
    .next2 = Om det händer igen, flytta undan filen och låt någon undersöka disken.
error-store-newer = En nyare version av Segue har skrivit { $path }.
    .why = Filen har version { $cause }, som den här versionen av Segue inte känner till. Ingenting har ändrats.
    .next = Installera den nyare versionen igen, eller använd en annan mapp med --home MAPP.
error-store-encode = Segue kunde inte skriva ett värde i filens format.
    .why = Det är ett fel i Segue: { $cause }
    .next = { step-report-bug }
error-store-exists = Namnet ”{ $name }” är upptaget.
    .why = Namn jämförs utan hänsyn till stora och små bokstäver.
    .next = Välj ett annat namn.
    .run = segue list
    .run2 = segue logins
error-store-no-erased-key = Nyckeln till listan över raderade personer är inte den som hör till listan: { $key }
    .why = Utan den kan Segue inte veta vem som har raderats med segue erase och skulle kunna skicka dem igen. Därför skickas ingenting.
    .next = Lägg tillbaka filen från en säkerhetskopia.
    .next2 = Om den är borta för gott: flytta undan { $list } och radera var och en av personerna igen med segue erase före nästa körning.
error-store-twice = { $path } och { $cause } är samma exportmål.
    .why = De har samma namn eller samma ID, som efter att en fil har kopierats. Inget av dem används, eftersom deras körningar inte skulle gå att hålla isär.
    .next = Ge kopian ett annat namn på raden ”name”, och ta bort raden ”id”; eller flytta undan en av filerna.
error-store-database = Segue kunde inte använda sin databas { $path }.
    .why = Databasen svarar: { $cause }
    .next = Kontrollera att disken har plats och fungerar, och att din användare får skriva där; kör sedan igen.
    .next2 = Om filen är skadad flyttar du undan den. Det enda som går förlorat är vilka som avvisats för gott (Mailchimp avvisar dem igen) och vilka kontakter som av misstag återskapats och fortfarande ska arkiveras; vilka taggar som är Segues egna står i en annan fil.

# Vad systemet säger, inne i en mening.
system-not-found = filen eller mappen finns inte
system-denied = åtkomst nekas
system-exists = det finns redan
system-full = det finns inget utrymme kvar
system-read-only = platsen går att läsa men inte att skriva på
system-folder = det är en mapp
system-no-folder = en del av sökvägen är ingen mapp
system-in-use = adressen används redan
system-refused = anslutningen nekades
system-broke-off = anslutningen bröts
system-late = det tog för lång tid
