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

gap-name-what = Exportmålet saknar ett användbart namn.
gap-name-why = Namnet skiljer dina exportmål åt och har 1 till 100 tecken.
gap-name-next = Lägg till --name NAMN.
gap-agreement-what = Du har inte godkänt att data lämnar Customer Insights.
gap-agreement-next = Läs texten ovan och lägg till --accept-privacy om du håller med (”{ consent-agree }”).
gap-login-what = Exportmålet saknar inloggning.
gap-login-why = Segue behöver logga in i Mailchimp för att nå målgruppen.
gap-login-next = Logga in i Mailchimp och lägg sedan till --login INLOGGNING.
gap-audience-what = Exportmålet saknar ett giltigt målgrupps-ID.
gap-audience-why = Målgrupps-ID:t säger vilken målgrupp i Mailchimp som tar emot profilerna.
gap-audience-next = Lägg till --audience ID; i Mailchimp finns ID:t bland målgruppens inställningar.
gap-source-what = Exportmålet saknar källa.
gap-source-why = Segue behöver veta var profilerna ska läsas.
gap-source-next = Lägg till --source folder:SÖKVÄG, dataverse:URL eller insights:INSTANS-ID.
gap-source-login-what = Exportmålet saknar inloggning till källan.
gap-source-login-why = Customer Insights lämnar bara ut profiler till en exportanvändare som är inloggad.
gap-source-login-next = Kör segue login insights och lägg sedan till --source-login INLOGGNING.
gap-email-what = Inget attribut är kopplat till e-postadressen.
gap-email-why = Mailchimp känner igen människor på deras e-postadress.
gap-email-next = Lägg till --map email=ATTRIBUT.
gap-segments-what = Inget segment är valt.
gap-segments-why = Bara profiler i valda segment exporteras.
gap-segments-next = Lägg till --segment SEGMENT, en gång för varje segment, eller --all-segments.
gap-status-what = Status för nya kontakter är inte vald.
gap-status-why = Du avgör om nya personer får e-post; Segue antar ingenting.
gap-status-next = Lägg till --status-if-new med subscribed, pending eller transactional.
gap-max-profiles-what = Gränsen är noll profiler.
gap-max-profiles-why = Med den gränsen går det aldrig att exportera något.
gap-max-profiles-next = Lägg till --max-profiles N med minst 1, eller utelämna flaggan.
