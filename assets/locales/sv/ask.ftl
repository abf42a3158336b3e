# Frågor rad för rad, där det inte finns någon helskärm: --plain.

ask-how = Retur godtar svaret inom hakparentes. ? förklarar frågan, och det gör även ”hjälp” där ett nummer eller ja eller nej väntas. ”tillbaka” går till den föregående, Ctrl-C lämnar. Inget sparas före den sista frågan.
ask-how-home = Retur godtar numret inom hakparentes. ? eller ”hjälp” förklarar, ”tillbaka” går tillbaka och lämnar till sist, Ctrl-C lämnar.
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
ask-user-register = Klient-ID och klientorganisation är de som hör till en app som registreras en gång i Microsoft Entra; ? visar hur.
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
ask-sql-id = Kolumn med profil-ID:n; - hittar den efter namnet
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

# Vad varje fråga betyder, en förklaring för var och en: ? visar den.
ask-about-client-id = Klient-ID för appen som du har registrerat i Mailchimp; det står där under { -menu-apps }. Dess omdirigerings-URI ska vara http://127.0.0.1:8723/callback.
ask-about-client-secret = Den står bredvid appens klient-ID i Mailchimp. Den visas inte när du skriver eller klistrar in den, och sparas i systemets nyckelring och ingen annanstans.
ask-about-api-key = Du skapar en i Mailchimp: { -menu-api-keys }. Den visas inte när du skriver eller klistrar in den, och sparas i systemets nyckelring och ingen annanstans.
ask-about-audience = Målgruppen som profilerna exporteras till: skriv dess nummer i listan, eller dess ID på ungefär tio bokstäver och siffror ({ -menu-audience-id }).
ask-about-source = Härifrån läses profilerna och segmenten. Dataverse och API:et i Customer Insights läses för en användare som loggar in; filer läses från en mapp, eller från en enda fil.
ask-about-environment = Adressen till Dataverse-miljön som Customer Insights skriver till, till exempel contoso.crm4.dynamics.com.
ask-about-subscription-key = I Customer Insights visas den under Behörigheter → API:er. Den visas inte när du skriver eller klistrar in den.
ask-about-tenant = Klientorganisationen som appen är registrerad i: dess ID, eller dess domän som contoso.onmicrosoft.com. Den står på appens översiktssida som ”Katalog-ID (klientorganisation)”.
ask-about-instance = Den inloggade användaren ser flera instanser av Customer Insights. Profilerna och segmenten läses från den som du väljer.
ask-about-folder = Sökvägen till en mapp med CSV-, Parquet- eller Common Data Model-filer, eller till en enda fil. Segue läser den bara.
ask-about-files = Segue har tittat på filerna och säger här hur de tolkas. 1 och 2 ändrar det; 3 går vidare.
ask-about-layout = Vad filerna innehåller. ”identifieras automatiskt” låter Segue avgöra det genom att titta, och det stämmer nästan alltid.
ask-about-segment-by = För en enda fil utan egna segment: varje värde i kolumnen blir ett segment. Utan kolumn är alla profiler ett segment.
ask-about-sql-name = Ett eget namn på anslutningen; den sparas som en inloggning, och andra exportmål kan använda den.
ask-about-sql-driver = Sökvägen till ADBC-drivrutinens bibliotek, eller namnet på ett manifest som står för det.
ask-about-sql-setting = Vad drivrutinen behöver för att ansluta, en inställning i taget: uri=postgresql://reader@db.example/crm. För en hemlighet, som ett lösenord, skriver du bara dess namn.
ask-about-sql-value = Själva hemligheten. Den visas inte när du skriver eller klistrar in den, och sparas i systemets nyckelring och ingen annanstans.
ask-about-sql-queries = Sökvägen till en mapp med filer NAMN.sql. Varje fil är ett segment, och dess första kommentarrad är vad det heter.
ask-about-sql-id = Kolumnen som skiljer profilerna åt i det som frågorna ger. Skriv -, så letar Segue efter en som heter som ett ID.
ask-about-attribute = Det du väljer här fyller kopplingsfältet i Mailchimp för varje profil. Värdena inom parentes är de första i dina data.
ask-about-field = Ett kopplingsfält i målgruppen, med dess nummer; eller taggen för ett som inte finns än och som skapas när exportmålet sparas.
ask-about-dates = Datum som 03/04/2026 kan läsas på två sätt, och dina data visar inte vilket. Välj ordningen som din källa skriver dem i.
ask-about-dismiss = Ja: attributet gäller något annat, och ingen utelämnas på grund av det. Nej: du varnas för det vid varje kontroll.
ask-about-rules = De är som vanligt tills du ändrar någon: skriv dess nummer. Retur går vidare till granskningen.
ask-about-on-leave = Vad som händer med taggen när någon inte längre är i segmentet:
ask-about-export = Ja exporterar nu, med siffrorna ovan. Nej leder tillbaka till valet, och inget skickas.
ask-about-zone = Vilken tidszon klockslagen gäller: ett namn som Europe/Stockholm, eller UTC.

ask-help = hjälp
ask-chosen = Valt: { $segments } segment med { $profiles ->
    [one] { $profiles } profil
   *[other] { $profiles } profiler
}.{ $segments ->
    [one] {""}
   *[other] {" "}Den som är i flera av dem räknas i vart och ett.
}
ask-chosen-uncounted = Valt: { $segments } segment. Källan säger inte hur många profiler som är i vart och ett av dem.
ask-whole-number = Skriv ett heltal som är minst 1, till exempel 20000.
ask-help-acts = Skriv numret för det du vill göra med exportmålet. kontrollera visar vad en export skulle göra och skickar inget; kör exporterar. Varje val utom redigera visar kommandot som gör detsamma. Efteråt är du här igen; ”tillbaka” leder till alla exportmål.
ask-all-destinations = alla exportmål
ask-ends = Segue har avslutats.
