# Fel som vad som hände, varför och vad du kan göra nu.

explain-error = fel
explain-next = gör så här
explain-run = kör

bad-name-what = Det namnet går inte att använda.
bad-name-empty = Ett namn behöver minst ett tecken som inte är ett blanksteg.
bad-name-too-long = Ett namn får ha högst 100 tecken.
bad-name-control = Namnet innehåller ett styrtecken, till exempel en radbrytning eller en escape-kod.
bad-name-next = Välj ett namn med 1 till 100 vanliga tecken.

bad-email-empty-what = E-postadressen saknas.
bad-email-empty-why = Där adressen ska stå finns bara blanksteg.
bad-email-invalid-what = Det är inte en e-postadress.
bad-email-invalid-why = En adress ser ut som namn@example.com, med en punkt efter @ och högst 254 tecken.
bad-email-next = Ange en adress som namn@example.com.

gaps-what = { $count ->
    [one] Exportmålet är inte komplett: ett svar saknas.
   *[other] Exportmålet är inte komplett: { $count } svar saknas.
}

gap-name = Exportmålet saknar ett användbart namn.
    .why = Namnet skiljer dina exportmål åt och har 1 till 100 tecken.
    .next = Lägg till --name NAMN.
gap-agreement = Du har inte accepterat att data lämnar Customer Insights.
    .next = Läs texten ovan och lägg till --accept-privacy om du håller med (”{ consent-agree }”).
gap-login = Exportmålet saknar inloggning.
    .why = Segue behöver logga in i Mailchimp för att nå målgruppen.
    .run = segue login mailchimp --help
    .next = Logga in i Mailchimp och lägg sedan till --login INLOGGNING.
gap-audience = Exportmålet saknar ett giltigt målgrupps-ID.
    .why = Målgrupps-ID:t säger vilken målgrupp i Mailchimp som tar emot profilerna.
    .next = Lägg till --audience ID; i Mailchimp finns det under { -menu-audience-id }.
gap-source = Exportmålet saknar källa.
    .why = Segue behöver veta var profilerna ska läsas.
    .next = Lägg till --source folder:SÖKVÄG, dataverse:URL eller insights:INSTANS-ID.
gap-source-login = Exportmålet saknar inloggning till källan.
    .why = Customer Insights lämnar bara ut profiler till en exportanvändare som är inloggad.
    .next = Kör segue login insights och lägg sedan till --source-login INLOGGNING.
gap-email = Inget attribut är kopplat till e-postadressen.
    .why = Mailchimp känner igen människor på deras e-postadress.
    .next = Lägg till --map email=ATTRIBUT.
gap-segments = Inget segment är valt.
    .why = Bara profiler i valda segment exporteras.
    .next = Lägg till --segment SEGMENT, en gång för varje segment, eller --all-segments.
gap-tag = Taggen för segmentet ”{ $segment }” har inget namn.
    .why = I Mailchimp känns ett segments medlemmar igen på taggen.
    .next = Ge den ett namn med --tag { $word }=TAGG.
gap-same-tag = Två segment skulle få samma tagg: ”{ $tag }”.
    .why = Mailchimp skiljer inte taggar åt på stora bokstäver eller blanksteg, så det skulle inte synas vem som finns i vilket segment.
    .next = Ge ett av dem en annan tagg med --tag SEGMENT=TAGG.
gap-removed-tag = Personer kan ha taggen ”{ $tag }”, som exportmålet inte längre ger.
    .why = Du avgör om nästa körning tar bort den från alla, eller om den är kvar.
    .next = Lägg till --removed-tags med untag eller keep.
gap-status = Status för nya kontakter är inte vald.
    .why = Du avgör om nya personer får e-post; Segue antar ingenting.
    .next = Lägg till --status-if-new med subscribed, pending eller transactional.
gap-max-profiles = Gränsen är noll profiler.
    .why = Med den gränsen går det aldrig att exportera något.
    .next = Lägg till --max-profiles N med minst 1, eller utelämna flaggan.
