# Programmets lista över exportmål, och det som påbörjas därifrån.

home-source = Källa
home-source-folder = Mapp
home-source-dataverse = Dataverse
home-source-insights = Insights API
home-source-sql = SQL
home-status = Status
home-refreshed = Senaste körning
home-updated = Ändrad
home-rejected = { $count ->
    [one] { $count } avvisad
   *[other] { $count } avvisade
}
home-title = Exportmål
home-count = { $count } exportmål
home-listed = { $listed } av { $count } exportmål
home-chosen = { $chosen ->
    [one] { $chosen } valt
   *[other] { $chosen } valda
}

ui-key-sort = sortera
ui-key-reverse = omvänd ordning

ask-run-all = Köra { $count } exportmål?
ask-run-all-fresh = Köra { $count } exportmål, och läsa allt på nytt?
ask-run-all-more = Varje Mailchimp-konto tar en export i taget.

pane-queued = I kö: varje Mailchimp-konto tar en export i taget. { $name } kommer först.
pane-held = I kö: varje Mailchimp-konto tar en export i taget. { $holder } pågår i ett annat program; den här börjar när den är klar.

key-view = visa
key-rename = byt namn
key-duplicate = duplicera
key-detach = koppla bort inloggning

about-title = Exportmål
about-not-connected = Det finns ingen anslutning till Mailchimp: exportmålet körs inte. Redigera det (e) och logga in, eller välj en sparad inloggning.

ask-rename = Ett nytt namn på { $name }
ask-duplicate = Duplicera { $name }
ask-duplicate-more = Kopian exporterar samma segment till samma målgrupp tills du redigerar den. Ingenting körs.
ask-duplicate-agree = Med Retur accepterar du det även för kopian: dess data lämnar efterlevnadsgränsen för Customer Insights.
ask-new-name = Namn
ask-detach = Koppla bort inloggningen { $login } från { $name }?
ask-detach-more = Exportmålet finns kvar men körs inte förrän det har en inloggning igen. Inloggningen finns också kvar.

key-logins = inloggningar
logins-title = Inloggningar
logins-none = Ingen inloggning är sparad än. Guiden skapar en: n i listan över exportmål.
logins-lent = från SEGUE_MAILCHIMP_TOKEN
logins-lent-more = Den kommer från miljön, inte från nyckelringen, och finns så länge variabeln är satt.
logins-anew = För att logga in igen: { $command }
logins-anew-mailchimp = För att logga in igen: { $command } (med --api-key-stdin, om en API-nyckel används)
logins-used-by = Används av
logins-last-used = Senast använd
logins-mailchimp = Mailchimp
logins-insights = Customer Insights
logins-sql = SQL
logins-in-use-now = En export till { $name } använder { $login } just nu. Stoppa den först, eller vänta tills den är klar.
ask-logout = Ta bort { $login }, med sin hemlighet? Inget exportmål använder den.
home-rejected-again = { $count } av { $profiles } avvisades igen
home-sent-again = avvisade skickade igen
