# Det som användaren godkänner innan data lämnar Customer Insights (regel 6). Textens SHA-256 sparas: ett ändrat ord är en ny text.

consent-agree = Jag accepterar
consent-text =
    När du exporterar till Mailchimp tillåter du att data lämnar efterlevnadsgränsen för Dynamics 365 Customer Insights. Det kan gälla känsliga data, till exempel personuppgifter.

    Data överförs enligt dina instruktioner. Du ansvarar själv för att Mailchimp uppfyller de krav på sekretess och säkerhet som gäller för dig.

    Du kan när som helst ta bort exportmålet för att sluta exportera. Det som Mailchimp redan har tagit emot finns kvar där tills du tar bort det i Mailchimp.

    Microsofts sekretesspolicy: https://go.microsoft.com/fwlink/?linkid=396732
