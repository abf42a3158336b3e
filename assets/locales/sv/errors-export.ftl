# Vad som avslutar en körning eller hindrar att ett exportmål sparas, och vad som är bra att veta före en körning.

date-order-mdy = mdy (månad, dag, år)
date-order-dmy = dmy (dag, månad, år)
date-order-ymd = ymd (år, månad, dag)

error-export-busy = Mailchimp-kontot är upptaget av en annan körning.
    .why = Anropen till ett konto är begränsade, så bara en körning i taget får använda det. Nu pågår: { $holder }
    .next = Försök igen när den är klar. En export kan vänta på den: segue run { $saved } --wait
error-export-watched = En annan segue watch sköter redan schemana för den här hemmappen.
    .why = Bara en i taget gör det: { $holder }
    .next = Låt den göra det, eller stoppa den först.
error-export-interrupted = { $profiles ->
    [one] Körningen avbröts efter { $done } av { $profiles } profil.
   *[other] Körningen avbröts efter { $done } av { $profiles } profiler.
}
    .why = Programmet, eller datorn, stängdes av medan den pågick. Segue har tagit reda på vad som hade skickats, och skickar inget av det två gånger.
    .next = Kör exportmålet igen: det fortsätter från det som målgruppen innehåller nu.
error-export-incomplete = ”{ $name }” är inte fullständigt, så ingenting exporterades.
    .why = { $what } Det saknas, eller är fel, i filen { $path }: { $keys }
    .run = segue edit { $word } { $flags }
    .next = Eller rätta filen för hand.
error-export-goes-on = { $name } exporteras just nu, så det förblir som det är.
    .why = Ingenting har ändrats. Körningen som pågår: { $holder }
    .next = Stoppa den körningen, eller vänta tills den är klar; försök sedan igen.
error-export-gone = { $name } finns inte längre.
    .why = Det togs bort under tiden, så ingenting har gjorts.
    .run = segue list
error-export-changed = { $name } ändrades medan körningen väntade på sin tur.
    .why = Det har nu en annan inloggning, källa eller målgrupp, så ingenting har skickats.
    .next = Kör det igen.
error-export-other-service = Inloggningen gjordes mot en annan tjänst än den som är inställd nu.
    .why = Den gjordes mot { $made }, och SEGUE_MAILCHIMP_API_URL anger nu { $now }. Sandlådan och det riktiga Mailchimp blandas aldrig.
    .next = Ta bort SEGUE_MAILCHIMP_API_URL och SEGUE_MAILCHIMP_LOGIN_URL, eller sätt dem så som de var när du loggade in.
    .next2 = Eller använd en annan hemmapp (--home MAPP) för den här tjänsten, och logga in där.
error-export-other-source = Inloggningen gjordes för en annan källa än den som efterfrågas.
    .why = Den gjordes för { $made }, och nu gäller det { $now }. Sandlådan och riktiga tjänster blandas aldrig, och en token gäller bara en tjänst.
    .run = segue logins
    .next = Välj inloggningen som gjordes för den här källan, eller logga in för den under ett annat namn med segue login insights.
    .next2 = Om SEGUE_ENTRA_AUTHORITY eller SEGUE_INSIGHTS_URL är satt sätter du den så som den var när du loggade in, eller tar bort den.
error-export-no-source-login = Källan { $source } behöver en exportanvändares inloggning.
    .why = Ingen inloggning angavs, och det finns inte exakt en att välja på.
    .run = segue logins
    .run2 = segue login insights --help
    .next = Ange en av inloggningarna i listan med --source-login (för ett sparat exportmål: segue edit { $saved } --source-login INLOGGNING), eller logga in först: segue login insights --client-id ID --tenant KLIENTORGANISATION { $place }
error-export-no-source-login-named = Det finns ingen exportanvändares inloggning ”{ $login }”.
    .why = Den är borttagen, heter något annat här eller är en inloggning för Mailchimp. Källan är { $source }.
    .run = segue logins
    .next = Använd en av inloggningarna i listan, eller logga in under det här namnet: segue login insights --as { $word } --client-id ID --tenant KLIENTORGANISATION { $place }
error-export-login-taken = ”{ $login }” är redan namnet på en inloggning för en annan tjänst ({ $service }).
    .why = Varje inloggning har ett eget namn, så att inget exportmål blir av med den som det använder.
    .next = Ta ett annat namn med --as.
    .run = segue logins
error-export-other-account = ”{ $login }” är inloggningen för { $had }, men { $now } loggade in.
    .why = Exportmål som använder inloggningen skulle därefter exportera till ett annat konto, eller läsa i någon annans namn. Inget sparades.
    .next = Logga in som { $had }, ta ett annat namn med --as, eller byt ut inloggningen med --yes.
error-export-not-connected = ”{ $destination }” har ingen anslutning.
    .why = Inloggningen är borttagen eller frånkopplad, så att ingenting når målgruppen. Allt annat är som det var.
    .run = segue logins
    .run2 = segue edit { $word } --login LOGIN
    .next = Anslut en av inloggningarna i listan.
error-export-no-engine = Det finns ingen inloggning ”{ $login }” för en motor som frågas i SQL.
    .why = Källan anger den: sql:{ $login }
    .run = segue logins
    .next = Gör den: segue login sql --as { $word } --driver NAMN|SÖKVÄG --option uri=…
error-export-no-login = Det finns ingen inloggning ”{ $login }”.
    .why = Den är borttagen, heter något annat här, eller gäller en annan tjänst.
    .run = segue logins
    .run2 = segue login mailchimp --as { $word } --api-key-stdin
    .next = Använd en av inloggningarna i listan, eller logga in under det här namnet.
error-export-no-env-login = SEGUE_MAILCHIMP_TOKEN är inte satt, och exporten använder den i stället för en sparad inloggning.
    .why = Ett program har variablerna från den som startar det: cron och tjänster läser inte dem i ditt skal.
    .next = Sätt den där segue startas. För cron, före kommandot: SEGUE_MAILCHIMP_TOKEN="$(cat ~/.mailchimp-key)" segue watch --once. För systemd: EnvironmentFile=. Bara du bör kunna läsa filen (rättigheterna 600).
    .next2 = Eller logga in, så att nyckelringen sparar den: segue login mailchimp, sedan segue edit { $saved } --login INLOGGNING.
error-export-no-env-source-login = SEGUE_INSIGHTS_REFRESH_TOKEN är inte satt, och källan { $source } läses med den i stället för en sparad inloggning.
    .why = Ett program har variablerna från den som startar det: cron och tjänster läser inte dem i ditt skal.
    .next = Sätt den där segue startas; för systemd: EnvironmentFile=, en fil som bara du kan läsa (rättigheterna 600).
    .next2 = Eller logga in exportanvändaren: segue login insights --client-id ID --tenant TENANT { $place }
error-export-broken = En del av körningen fick ett oväntat slut.
    .why = Det är ett fel i Segue: { $cause }
    .next = { step-report-bug }

error-guard-no-agreement = Ingen har accepterat överföringen av dessa data, så ingenting exporteras.
    .why = Exportmålets fil innehåller inget sparat ”Jag accepterar”.
    .next = Läs vad du accepterar, och acceptera det: segue edit { $saved } --accept-privacy
error-guard-max-profiles = Profilerna är fler än exportmålet tillåter: gränsen är { $limit }.
    .why = Gränsen hindrar att ett misstag i ett segment fyller målgruppen. Källan lästes inte vidare, och ingenting har skrivits.
    .next = Kontrollera segmenten i källan; något kan ha vuxit av misstag.
    .next2 = Om antalet stämmer höjer du gränsen: segue edit { $saved } --max-profiles N
error-guard-plan-limit = Efter körningen skulle kontot ha fler kontakter än dess abonnemang hos Mailchimp tillåter: { $after }, mot högst { $limit }.
    .why = Kontakter i målgrupperna nu, arkiverade oräknade: { $now }; skulle skapas: { $created }. Mailchimp debiterar kontakter utöver abonnemanget eller slutar skicka. Ingenting har skrivits.
    .next = Arkivera kontakter i Mailchimp som inte längre behövs, eller exportera färre segment.
    .next2 = Om abonnemanget numera tillåter fler anger du det genom att logga in igen med --plan-limit N.
    .next3 = För att gå utöver abonnemanget den här gången: segue run { $saved } --allow-overage
error-guard-foreign-tags = { $count ->
    [one] En tagg med det namnet finns redan i målgruppen och är inte skapad av Segue: { $tags }.
   *[other] { $count } taggar med de namnen finns redan i målgruppen och är inte skapade av Segue: { $tags }.
}
    .why = Segue lägger till och tar bort bara sina egna taggar, för att aldrig röra det som andra har sorterat. Ingenting har skrivits.
    .next = Lägg till --adopt-tags för att använda taggarna för segmenten; Segue tar då också bort dem från den som lämnar segmentet.
    .next2 = Ge ett segment en annan tagg med --tag SEGMENT=TAGG för att hålla isär dem.
    .next3 = Om exportmålet är sparat anger du någon av flaggorna till segue edit { $saved }.
error-guard-segment-state = { $count ->
    [one] Ett segment är inte aktuellt i Customer Insights: { $segments }.
   *[other] { $count } segment är inte aktuella i Customer Insights: { $segments }.
}
    .why = Ingen kan säga om de som finns i det fortfarande hör dit. Inget har skrivits.
    .next = Slå på segmentet i Customer Insights, eller åtgärda det som hindrar utvärderingen, och kör igen efter nästa uppdatering.
    .next2 = Om segmentet ska vara borta, ta bort det ur exportmålet: { step-save-again }
error-guard-removals = { $count } av de { $members } medlemmarna i ”{ $tag }” skulle förlora taggen, vilket är fler än tillåtet.
    .why = Ett misstag i ett segment får inte ta bort en tagg från väldigt många. Ingenting har skrivits.
    .next = Kontrollera att segmentet är som det ska.
    .next2 = Om det är det tillåter du det för en körning med --max-removals 100.
error-guard-shrunk = { $what }
    .why = En källa som bara lästs till hälften ser ut som människor som har lämnat. Ingenting har skrivits.
    .next = Kontrollera att källan, eller dess senaste uppdatering, är fullständig.
    .next2 = Om den är det: fortsätt med --allow-shrink.
error-guard-shrunk-segment = { $what }
    .why = Ett segment som tagits bort eller bytt namn av misstag ser ut som människor som har lämnat. Ingenting har skrivits.
    .next = Återställ segmentet i källan, eller ta bort det ur exportmålet: segue edit { $saved }
    .next2 = Fortsätt utan det med --allow-shrink: den som har dess tagg behåller den.
error-guard-shrunk-halved = { $now ->
    [one] Källan innehåller mycket mindre än den gjorde: { $now } profil, och { $before } förra gången.
   *[other] Källan innehåller mycket mindre än den gjorde: { $now } profiler, och { $before } förra gången.
}
error-guard-shrunk-emptied = Ingen är kvar i { $segments }.
error-guard-shrunk-gone = { $count ->
    [one] Källan har inte längre segmentet ”{ $segments }”.
   *[other] Källan har inte längre { $count } av segmenten: { $segments }.
}
error-guard-recreated = För många personer som hade lämnat målgruppen återskapades, så körningen stoppades.
    .why = Var och en av dem arkiverades igen.
    .next = Låt den som ändrar i målgruppen bli klar först. Kör sedan igen.
error-guard-status-changed = En uppdatering ändrade en kontakts status, så körningen stoppades.
    .why = Uppdateringar får aldrig ändra en status. Segue prövar först med högst tio kontakter; mer än så har inte skickats.
    .next = Leta i Mailchimp efter en automatisering eller ett annat program som ändrar status.
    .next2 = Se efter vad en körning skulle göra med segue check { $saved } innan du kör igen.

warning-consent-unused = Attributet ”{ $attribute }” ser ut att gälla samtycke och används inte.
    .why = Utan det blir även personer som inte har samtyckt kontakter.
    .next = Använd det med --consent-attribute "{ $attribute }", eller med ! före namnet om ja betyder ingen e-post.
    .next2 = Om det inte gäller samtycke tar du upp det under consent_dismissed i exportmålets TOML.
warning-marketing-permissions = Målgruppen ber om marknadsföringsmedgivanden (GDPR).
    .why = Kontakter som läggs till av en export har inte gett några, och nås kanske inte av utskick som kräver dem.
    .next = Be om medgivande via ett anmälningsformulär, eller räkna inte med dem i utskick som kräver det.
warning-refreshing = Customer Insights uppdateras just nu.
    .why = Segment kan ändras medan de läses; körningen avbryts då och måste börja om.
    .next = Låt körningen vänta tills uppdateringen är klar: segue run { $saved } --wait
warning-counts-differ = Antalen medlemmar som källan räknar till skiljer sig från de lästa: { $segments } (lästa / räknade).
    .why = Källan räknar när den utvärderar ett segment, och profiler ändras mellan utvärderingarna. Varje läst profil exporteras.
    .next = Inget behöver göras. Skiljer sig antalen mycket, kör igen efter källans nästa uppdatering.
warning-segments-differ = { $count ->
    [one] En profil har andra värden i ett senare segment än i sitt första.
   *[other] { $count } profiler har andra värden i ett senare segment än i sitt första.
}
    .why = En profil får sina värden ur det första av sina segment efter namn.
    .next = Låt frågorna ge samma kolumner ur samma tabell. Körningen går vidare ändå.
warning-of-moments = Segmenten kan vara från olika ögonblick.
    .why = Motorn har ingen transaktion, så frågorna besvaras en efter en, och dess data kan ändras emellan.
    .next = Inget behöver göras om data läses in sällan: låt exporten följa på inläsningen.
warning-letters-replaced = { $count ->
    [one] Ett värde har ett trasigt tecken, i { $attributes }: tecknet { "\uFFFD" } står i stället.
   *[other] { $count } värden har ett trasigt tecken, i { $attributes }: tecknet { "\uFFFD" } står i stället.
}
    .why = Oftast har källan kapat en text mitt i en emoji. Resten av värdet skickas som det är.
    .next = Rätta texterna i källan. Körningen går vidare ändå.
warning-choices-unknown = { $count ->
    [one] Ett värde är ett val som källan saknar etikett för, i { $attributes }; det lämnas tomt.
   *[other] { $count } värden är val som källan saknar etikett för, i { $attributes }; de lämnas tomma.
}
    .why = Valet har troligen tagits bort från attributet efter att det använts. Numret skulle inte säga någon något.
    .next = Ge profilerna något av de val som finns, eller lägg till valet igen. Körningen går vidare ändå.
warning-empty-segments = { $count ->
    [one] Ingen profil finns i segmentet { $segments } just nu.
   *[other] Ingen profil finns i { $count } av segmenten just nu: { $segments }.
}
    .why = I Dataverse ser ett borttaget eller omdöpt segment likadant ut som ett tomt.
    .next = Titta på segmentet i Customer Insights; har det fått ett annat namn, välj det på nytt.
warning-ledger-damaged = En del av det Segue mindes av målgruppen var skadat, så målgruppen lästes i stället.
    .why = Det som är skadat används aldrig. För några kontakter är det inte längre känt vilka taggar de har genom Segue: de av dem som lämnat ett segment behåller dess tagg.
    .next = Inget behöver göras för den här exporten. Händer det igen bör disken undersökas.
warning-ledger-lost = Det som Segue mindes av målgruppen hade gått förlorat, så det börjar om.
    .why = De som Mailchimp avvisar för gott skickas en gång till och avvisas en gång till. Vilka som hade tackat nej under en tidigare adress är känt från de körningar som finns kvar. Om en tidigare export av misstag hade återskapat kontakter som den ännu skulle arkivera är också det glömt.
    .next = Se i Mailchimp på de kontakter som lades till under exporterna före den här, och arkivera dem som inte hör dit.
warning-journal-damaged = En del av det som en avbruten export hade skrivit ned var skadat, så målgruppen lästes i stället.
    .why = Det som är skadat litar Segue aldrig på. Vilka den delen gällde är inte känt: de av dem som lämnat ett segment behåller dess tagg, och den exporten kan inte ångras för dem.
    .next = Inget behöver göras för den här exporten. Om det händer igen, låt någon undersöka disken.
warning-unsettled = Exporten { $run } avbröts och är inte avslutad ännu.
    .why = En kontroll avslutar inget; den läste hela målgruppen i stället, för att se hur långt exporten kom.
    .next = Nästa export avslutar den först.
warning-gone-segments = { $count ->
    [one] Källan har inte längre segmentet ”{ $segments }”.
   *[other] Källan har inte längre { $count } av segmenten: { $segments }.
}
    .why = Den som har ett sådant segments tagg behåller den: ingen kan säga vem som ännu skulle vara med.
    .next = Återställ segmentet i källan, eller ta bort det ur exportmålet: segue edit { $saved }
warning-unread = Källans modell anger mer än det som läses: { $parts }.
    .why = Personer och segment som bara finns där kommer inte med.
    .next = Ange mappen eller manifestet som innehåller dem, om de ska med.
warning-rounded = Långa tal har avrundats av ett kalkylprogram i: { $columns }.
    .why = I en form som 1.2E+14 är de sista siffrorna borta: de går inte längre att använda som ID eller telefonnummer.
    .next = Exportera filen på nytt och spara den inte från ett kalkylprogram, eller formatera först kolumnen som text.
warning-older-export = Exporten av ”{ $table }” som läses är inte den nyaste: { $read }.
    .why = Den från { $time } är inte fullständig; följande saknas eller är ofärdigt: { $files }
    .next = Vänta tills den är klar, eller kopiera mappen på nytt.
warning-shared-field = { $other } fyller också i { $tag } i den här målgruppen, från { $attribute }.
    .why = Den av de två som körs sist skriver över den andras värden.
    .next = Koppla { $tag } från samma attribut i båda, eller utelämna det i en av dem.
warning-double-optin = Målgruppen ber nya kontakter att bekräfta, och ”subscribed” hoppar över det.
    .why = Nya kontakter får e-post utan att ha bekräftat sin adress.
    .next = Välj --status-if-new pending så att de tillfrågas, om de inte har bekräftat någon annanstans.
warning-values-left-out = { $count ->
    [one] Ett värde passar inte sitt kopplingsfält och utelämnas: { $fields }.
   *[other] { $count } värden passar inte sina kopplingsfält och utelämnas: { $fields }.
}
    .why = Allt annat om dessa personer levereras; bland de avvisade står varje värde.
    .next = Rätta värdena i källan, eller koppla ett annat attribut till fältet.
warning-consent-not-understood = { $count ->
    [one] Ett värde i attributet för samtycke är varken ett känt ja eller ett känt nej: { $values }.
   *[other] { $count } värden i attributet för samtycke är varken ett känt ja eller ett känt nej: { $values }.
}
    .why = Den som har ett sådant värde skapas inte; den som redan är kontakt uppdateras som vanligt, för bara ett känt nej hindrar det.
    .next = Räkna upp värdena som betyder ja: --consent-attribute "ATTRIBUT=VÄRDE,VÄRDE".
warning-ids-apart = { $count ->
    [one] Ett ID står för rader med olika adresser: kolumnen med ID verkar vara fel.
   *[other] { $count } ID står vart och ett för rader med olika adresser: kolumnen med ID verkar vara fel.
}
    .why = Bara den första raden med ett ID räknas, så personer faller bort.
    .next = Ange kolumnen som skiljer personer åt med --id-column.
warning-odd-values = { $count ->
    [one] Ett värde ser ut som inget alls, eller som ett tal vars sista siffror gått förlorade: { $values }.
   *[other] { $count } värden ser ut som inget alls, eller som tal vars sista siffror gått förlorade: { $values }.
}
    .why = I textfält skickas de som de står.
    .next = Töm sådana celler i källan, eller exportera den på nytt med kolumnerna som text.
warning-repeated-ids = { $count ->
    [one] En rad uteslöts eftersom dess ID fanns tidigare i samma fil ({ $examples }).
   *[other] { $count } rader uteslöts eftersom deras ID fanns tidigare i samma fil, till exempel { $examples }.
}
    .why = Den första raden med ett ID räknas.
    .next = Ta bort de upprepade raderna i källan, eller ange rätt kolumn med --id-column.
warning-few-addresses = Knappt något värde i ”{ $attribute }” är en e-postadress: { $addresses } av { $values }.
    .why = Profiler utan adress avvisas, varje gång.
    .next = Koppla ett annat attribut till e-postadressen: --map email=ATTRIBUT
    .next2 = Om det är rätt ändå, lägg till --force.
warning-partial-address = Adressfältet { $tag } är bara delvis kopplat: inget fyller { $parts }.
    .why = Mailchimp tar bara emot en adress med gata, ort, delstat och postnummer, så ingen adress skulle skickas.
    .next = Koppla delarna som saknas, till exempel --map { $tag }.addr1=ATTRIBUT, eller ingen av dem.
warning-address-without-country = Inget fyller landet i adressfältet { $tag }.
    .why = Då bestämmer Mailchimp landet på egen hand: fältets förval, ofta USA.
    .next = Koppla det också: --map { $tag }.country=ATTRIBUT
warning-many-segments = { $count } segment är valda, och vart och ett blir en tagg i Mailchimp.
    .why = Taggar kan inte tas bort igen på en gång.
    .next = Välj de segment du behöver med --segment, eller tillåt så många med --max-segments { $typed }.
warning-many-values = Kolumnen ”{ $column }” ger { $count } segment, och vart och ett blir en tagg i Mailchimp.
    .why = Så många värden är sällan segment, och taggar kan inte tas bort igen på en gång.
    .next = Gör segment av en annan kolumn med --segment-by, välj några med --segment, eller tillåt så många med --max-segments { $typed }.
error-export-counts-differ = Kontakter lästa i målgruppen: { $read }; räknade av Mailchimp: { $counted }.
    .why = Ändringar sedan körningen började förklarar inte skillnaden. Någon som har sagt nej kan finnas bland dem som inte syntes, och för många skulle skapas för att slå upp var och en av dem.
    .next = Kör igen senare.
    .next2 = Om du vet varför talen skiljer sig, fortsätt med --trust-counts.
warning-audience-counts-differ = { $lookups ->
    [0] Kontakter lästa i målgruppen: { $read }; räknade av Mailchimp: { $counted }. Körningen fortsätter på grund av --trust-counts.
    [one] Kontakter lästa i målgruppen: { $read }; räknade av Mailchimp: { $counted }. Den enda som skulle skapas slås upp, vilket tar ett anrop.
   *[other] Kontakter lästa i målgruppen: { $read }; räknade av Mailchimp: { $counted }. Alla som skulle skapas slås upp en och en, vilket tar { $lookups } anrop.
}
    .why = Någon som har sagt nej kan finnas bland dem som inte syntes.
    .next = Jämför antalet kontakter i Mailchimp, även de arkiverade.
warning-automations = { $count ->
    [one] En automatisering som nya kontakter går in i är igång för målgruppen: { $titles }.
   *[other] { $count } automatiseringar som nya kontakter går in i är igång för målgruppen: { $titles }.
}
    .why = Mailchimp skickar då automatiseringens e-post till alla som körningen skapar.
    .next = Om det inte är meningen pausar du automatiseringen i Mailchimp under { -menu-automations } före körningen.
warning-journeys-unseen = Det går inte att se härifrån om en kundresa (ett nyare automatiseringsflöde) startar för nya kontakter.
    .why = Mailchimp låter inget program lista dem.
    .next = Titta i Mailchimp under { -menu-automations } efter flöden som börjar när en kontakt läggs till eller får en tagg.
warning-would-be-refused = En körning skulle nekas. { $what }

error-unmet = { $count ->
    [one] Kopplingen passar inte målgruppen på ett ställe.
   *[other] Kopplingen passar inte målgruppen på { $count } ställen.
}
    .next = Om exportmålet är sparat: { step-save-again }
error-unmet-no-email = Inget attribut är kopplat till e-postadressen.
    .why = Mailchimp känner igen människor på deras e-postadress.
    .next = Lägg till --map email=ATTRIBUT.
error-unmet-unknown-field = Målgruppen har inget kopplingsfält { $tag }.
    .why = Det är borttaget eller har bytt namn i Mailchimp, eller stavas annorlunda.
    .next = Låt Segue skapa det med --create-fields, eller koppla attributet till ett annat fält med --map FÄLT=ATTRIBUT.
error-unmet-required-field = Målgruppen kräver kopplingsfältet { $tag }, och inget är kopplat till det.
    .why = Mailchimp avvisar medlemmar som saknar ett värde där.
    .next = Lägg till --map { $tag }=ATTRIBUT, eller gör fältet frivilligt i Mailchimp.
error-unmet-address-parts = Kopplingsfältet { $tag } är kopplat i fel form.
    .why = En adress kopplas del för del, alla andra fält som helhet.
    .next = För en adress lägger du till --map { $tag }.addr1=ATTRIBUT, och likadant .city, .state och .zip; för andra fält --map { $tag }=ATTRIBUT.
error-unmet-date-order = Ordningen i datumen för kopplingsfältet { $tag } är inte känd.
    .why = 5/8/1986 kan vara i maj eller i augusti; Segue gissar inte.
    .next = Lägg till --date-order mdy, dmy eller ymd.

error-undecided = { $count ->
    [0] Datumen i ”{ $attribute }” (för { $tag }) passar inte genomgående någon ordning.
   *[other] Ordningen i datumen i ”{ $attribute }” (för { $tag }) framgår inte.
}
    .why = { $count ->
        [0] Några ser ut att ha månaden först, andra dagen; vad du än väljer passar några inte in och utelämnas.
       *[other] Alla går att läsa på mer än ett sätt: { $orders }. Segue gissar inte.
    }
    .next = Se efter i källan hur datumen ska läsas och lägg till --date-order mdy, dmy eller ymd, så att det passar dem.
error-undecided-many = Ordningen i datumen framgår inte för { $count ->
    [one] ett attribut.
   *[other] { $count } attribut.
}

bad-consent-ambiguous = Attributet för samtycke ”{ $rule }” kan läsas på två sätt.
    .why = Värdena kan höra till dem som samtyckt eller till dem som inte gjort det.
    .next = Räkna upp värdena som innebär att en person får e-post, utan "!": --consent-attribute "{ $attribute }=VÄRDE,VÄRDE"; eller utelämna värdena: --consent-attribute "{ $plain }".
bad-consent-no-attribute = ”{ $text }” anger inget attribut.
    .why = Attributet för samtycke talar om vem som vill ha e-post.
    .next = Skriv --consent-attribute ATTRIBUT, "!ATTRIBUT" för ett som säger motsatsen, eller ATTRIBUT=VÄRDE,VÄRDE.
