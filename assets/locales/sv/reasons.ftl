# Varför en profil inte skrevs (en kort fras) och vad som går att göra åt det (en mening).

class-permanent = kan inte levereras
class-mapping = går att rätta
class-later = kan gå senare

reason-unsubscribed = har avslutat prenumerationen
reason-cleaned = e-posten till adressen studsade
reason-archived = arkiverad i målgruppen
reason-awaiting-confirmation = har inte bekräftat än
reason-forgotten = borttagen för gott
reason-compliance = spärrad för prenumeration av Mailchimp
reason-fake = adressen bedöms som påhittad
reason-no-consent = samtycke saknas
reason-unclear = Mailchimp säger emot sig självt
reason-changed-address-of-no = sa nej under en tidigare adress
reason-no-email = e-postadress saknas
reason-invalid-email = ogiltig e-postadress
reason-short-row = raden är för kort
reason-row-too-long = raden är för lång
reason-no-profile = profilen finns inte
reason-invalid-value = värdet passar inte kopplingsfältet
reason-missing-required = obligatoriskt kopplingsfält är tomt
reason-merge-invalid = kopplingsfältet nekades av Mailchimp
reason-too-many-signups = för många anmälningar på kort tid
reason-refused = nekad av Mailchimp

advice-unsubscribed = Låt personen vara; bara hen själv kan börja prenumerera igen, via ett anmälningsformulär.
advice-cleaned = Be personen om en adress som fungerar och rätta den i källan.
advice-archived = Återställ kontakten i Mailchimp om personen ska få e-post igen.
advice-awaiting-confirmation = Vänta tills personen klickar på länken i bekräftelsemejlet.
advice-forgotten = Kontakten är permanent borttagen och kan bara komma tillbaka via ett anmälningsformulär.
advice-compliance = Personen har avslutat prenumerationen, studsat eller granskas; hen behöver själv anmäla sig via ett formulär.
advice-fake = Kontrollera adressen; om den är äkta kan personen anmäla sig via ett formulär.
advice-no-consent = Inget att göra om personen inte samtycker; gör hen det rättar du attributet för samtycke i källan.
advice-unclear = Mailchimp säger både att kontakten finns och att den inte finns; sök efter adressen i målgruppen.
advice-changed-address-of-no = Personens tidigare adress har sagt nej i Mailchimp. Lägg till personen där för hand om hen har gått med på det sedan dess.
advice-no-email = Lägg till en e-postadress för profilen i källan.
advice-invalid-email = Rätta e-postadressen i källan.
advice-short-row = Fyll i kolumnerna som saknas på raden, eller exportera filen på nytt.
advice-row-too-long = Sätt citattecken runt värden som innehåller avgränsaren, eller exportera filen på nytt.
advice-no-profile = Lägg till profilen i profilfilen, eller ta bort dess id ur segmentet.
advice-invalid-value = Rätta värdet i källan, eller koppla ett annat attribut till kopplingsfältet.
advice-missing-required = Fyll i värdet i källan, eller gör kopplingsfältet frivilligt i Mailchimp.
advice-merge-invalid = Rätta värdet som Mailchimp pekar ut, eller koppla ett annat attribut till kopplingsfältet.
advice-too-many-signups = Kör exporten igen om något dygn.
advice-refused = Läs vad Mailchimp svarade, rätta profilen och kör exporten igen.
