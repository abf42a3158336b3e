# Programmets lista över exportmål, och det som påbörjas därifrån.

home-source = Källa
home-source-folder = Mapp
home-source-dataverse = Dataverse
home-source-insights = Insights API
home-status = Status
home-refreshed = Uppdaterad
home-schedule = Schema
home-schedule-off = av
home-updated = Ändrad
home-queued = i kö
home-processing = bearbetas: { $phase }
home-processing-share = bearbetas { $share }
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
ask-run-all-more = Till varje Mailchimp-konto ett i taget.

pane-queued = I kö: till varje Mailchimp-konto går en export i taget. { $name } kommer först.
pane-held = I kö: till varje Mailchimp-konto går en export i taget. { $holder } pågår i ett annat program; den här börjar när den är klar.
