# Frågor rad för rad, där det inte finns någon helskärm: --plain.

ask-how = Retur godtar svaret inom hakparentes. ? förklarar frågan, ”tillbaka” går till den föregående, Ctrl-C lämnar. Inget sparas före den sista frågan.
ask-how-home = Retur godtar numret inom hakparentes. ? förklarar, ”tillbaka” går tillbaka, Ctrl-C lämnar.
ask-step = Steg { $step } av { $steps }: { $title }
ask-back = tillbaka
ask-all = alla
ask-number = Nummer
ask-numbers = Nummer med komma emellan, eller ”alla”
ask-audience = Nummer, eller en målgrupps ID
ask-field = Nummer, eller taggen för ett nytt kopplingsfält
ask-needed = Frågan behöver ett svar. ? förklarar den.
ask-no-such-number = Skriv ett nummer från 1 till { $last }.
ask-no-tag = { $tag } kan inte vara taggen för ett kopplingsfält: använd bokstäver, siffror och _, med en bokstav först.
ask-no-secret = Den här terminalen skulle visa hemligheten. Logga in med kommandot i stället, som läser den med { $flag }.
ask-consent-needed = Om du inte accepterar kan inget exporteras.
ask-user-register = Klient-ID och klientorganisation är de som hör till en app som registreras en gång i Microsoft Entra; ? säger hur.
ask-change = Ändra: { $title }
ask-folder-lead = Så här tolkas filerna:
ask-segment-by = Varje värde i kolumnen blir ett segment; utan kolumn är alla profiler ett.
ask-review-lead = Vad ska göras? Retur tar 1: exportmålet sparas, och inget skickas.
ask-review-refused = Vad ska göras? En export skulle inte börja; varför står ovan. Retur tar 1: exportmålet sparas, och inget skickas.
ask-review-incomplete = Vad ska göras? Exportmålet kan inte sparas än; varför står ovan. Välj steget som ska ändras.
ask-save = Spara exportmålet; inget skickas
ask-save-and-export = Spara, och exportera nu; du tillfrågas en gång till, med siffrorna ovan
ask-sql-hint = Med en ADBC-drivrutin: sökvägen till dess bibliotek, eller ett namn som ett manifest står för.
ask-sql-setting = Inställning som NAMN=VÄRDE, eller namnet på en hemlig inställning; en tom rad går vidare
ask-sql-value = Värde för { $key }, som inte visas
ask-sql-secret = Inställningen { $key } innehåller en hemlighet och togs inte emot. Skriv bara dess namn: då efterfrågas värdet, som inte visas.
ask-sql-queries = Mapp med frågor
ask-sql-queries-hint = Varje fil NAMN.sql i den är ett segment, dess första kommentarrad etiketten.
ask-sql-id = Kolumn med profil-ID:n; en tom rad hittar den efter namnet
ask-left = Inget exportmål har sparats.
ask-exporting = Exporterar till { $name }. Var tionde sekund visas hur långt det har kommit. Ctrl-C stoppar exporten ordnat.

ask-help-matching = Varje rad är ett kopplingsfält i målgruppen och attributet som fyller det, med värden ur dina data. Skriv radens nummer för att ändra den; Retur går vidare.
ask-help-segments = Bara profiler i de valda segmenten exporteras; varje segment blir en tagg i Mailchimp. En profil i flera segment exporteras en gång. Skriv nummer med komma emellan: 1, 3.
ask-help-review = Ovan står vad en export skulle göra. 1 sparar exportmålet och skickar inget. 2 sparar och exporterar, när du har sagt ja till siffrorna; valet saknas om ingen export skulle börja. De andra numren leder tillbaka till sitt steg.
ask-help-home = Ett exportmål säger vilka profiler som går till vilken målgrupp i Mailchimp. Välj ett med dess nummer för att kontrollera eller köra det, eller skapa ett nytt. Varje val visar kommandot som gör detsamma.

ask-segments = segment
ask-history = tidigare körningar
ask-undo = ångra den senaste körningen
ask-set-schedule = schema
ask-doctor = Kontrollera installationen
