# Att ångra en körning.

run-undoing = { $total ->
    [one] Ångrar: { $done } av { $total } kontakt är klar
   *[other] Ångrar: { $done } av { $total } kontakter är klara
}{ $more ->
    [none] {""}
   *[some] , { $time }
}{ $left ->
    [0] {""}
    [one] {"; "}{ $left } lämnas som den är
   *[other] {"; "}{ $left } lämnas som de är
}

undo-question = Ångra körningen { $run } från { $time }?
undo-goes-on = { $count ->
    [one] Ångrandet av den här körningen avbröts och fortsätter; { $count } kontakt är redan klar.
   *[other] Ångrandet av den här körningen avbröts och fortsätter; { $count } kontakter är redan klara.
}
undo-archive = { $count ->
    [one] En kontakt som körningen lade till arkiveras.
   *[other] { $count } kontakter som körningen lade till arkiveras.
}
undo-restore = { $count ->
    [one] En kontakt får tillbaka de värden och taggar som körningen ändrade.
   *[other] { $count } kontakter får tillbaka de värden och taggar som körningen ändrade.
}
undo-nothing = Det finns ingen kontakt kvar att återställa.
undo-calls = { $calls } anrop till Mailchimp, ungefär { $time }.
undo-changed = Varje kontakt läses först: den som har ändrats sedan körningen lämnas som den är, och listas. Ingen blir prenumerant av detta.
undo-in-doubt = { $count ->
    [one] Körningen bröts med en kontakt på väg. Den slås upp först och återställs om körningen hann fram till den.
   *[other] Körningen bröts med { $count } kontakter på väg. De slås upp först och återställs om körningen hann fram till dem.
}
undo-damaged = En del av det som körningen skrev ned är skadat: kontakterna som stod där är inte längre kända och blir kvar som de är.
undo-lost = { $count ->
    [one] En kontakt som körningen ändrade blir kvar som den är: vad den hade före är inte längre känt. Det sparas i 7 dagar.
   *[other] { $count } kontakter som körningen ändrade blir kvar som de är: vad de hade före är inte längre känt. Det sparas i 7 dagar.
}
undo-addresses = { $count ->
    [one] En kontakt behåller adressen som körningen fyllde i: Mailchimp kan inte tömma den igen.
   *[other] { $count } kontakter behåller adressen som körningen fyllde i: Mailchimp kan inte tömma den igen.
}
undo-campaigns = { $count ->
    [one] En kampanj har skickats till målgruppen sedan dess och kan inte ångras: { $titles }
   *[other] { $count } kampanjer har skickats till målgruppen sedan dess och kan inte ångras: { $titles }
}
undo-comes-back-by-itself = { $count ->
    [one] { $names } exporterar till målgruppen automatiskt: de som ingår kommer tillbaka med nästa körning, om du inte stänger av det först (segue schedule --off).
   *[other] { $names } exporterar till målgruppen automatiskt: de som ingår kommer tillbaka med nästa körning, om du inte stänger av dem först (segue schedule --off).
}
undo-comes-back = { $count ->
    [one] { $names } exporterar också till målgruppen: de som ingår kommer tillbaka med nästa körning.
   *[other] { $names } exporterar också till målgruppen: de som ingår kommer tillbaka med nästa körning.
}
undo-left = { $count ->
    [one] En kontakt är inte som körningen lämnade den, eller är borta, och blir kvar som den är. Den är listad i { $path }
   *[other] { $count } kontakter är inte som körningen lämnade dem, eller är borta, och blir kvar som de är. De är listade i { $path }
}
undo-again = Allt är inte ångrat än. För att fortsätta: segue undo "{ $name }" { $run }

error-undo-nothing-written = { $destination } har ingen körning att ångra.
    .why = Ingen av dess körningar som Segue känner till skrev till målgruppen.
    .run = segue history { $word }
error-undo-unknown-run = { $destination } har ingen körning { $run }.
    .why = En körning heter som sin start, som i sökvägen till dess rapport. Utan namn ångras den senaste.
    .run = segue history { $word }
error-undo-is-undo = Körningen { $run } ångrar själv { $undoes }.
    .why = En körning som ångrar en annan kan inte själv ångras.
    .next = Exportera igen i stället: den som då arkiverades räknas som ny, och läggs tillbaka.
error-undo-wrote-nothing = Körningen { $run } ändrade ingenting i målgruppen.
    .why = Inget av dess anrop skrev något, så det finns inget att ångra.
    .next = Ange en annan körning, eller ingen för att ångra den senaste som skrev.
error-undo-undone = Körningen { $run } är redan ångrad, av { $by }.
    .why = En körning kan bara ångras en gång.
    .next = Exportera igen för att få dess kontakter i målgruppen igen.
error-undo-undone-before = Körningen { $run } är redan ångrad, av { $by }.
    .why = En körning kan bara ångras en gång. Körningen före den var { $before }.
    .next = Exportera igen för att få dess kontakter i målgruppen igen.
    .run = segue undo { $word } { $before }
error-undo-later = Körningen { $run } är inte den senaste till sin målgrupp, så den kan inte ångras än.
    .why = { $destination } skrev till samma målgrupp senare, i { $later }. Körningar ångras med den senaste först: annars skulle det som den senare skrev gå förlorat, eller tas för någon annans ändring.
    .run = segue undo { $word } { $later }
error-undo-no-journal = Vad körningen { $run } skrev är inte längre känt.
    .why = Dess journal är borta eller skadad, och utan den kan Segue inte veta vilka körningen lade till eller ändrade.
    .next = Se i Mailchimp under { -menu-contacts }, sorterat efter datum för tillägg, vad den förde med sig.
error-undo-no-images = Vad kontakterna hade före körningen { $run } är inte längre känt.
    .why = Körningen lade inte till någon, utan ändrade bara kontakter. Vad de hade före sparas i 7 dagar, eftersom det är uppgifter om personer.
    .next = Rätta i källan det som var fel, och exportera igen.

ui-phase-undoing = ångrar
ui-key-undo = ångra
ui-ask-undo = Ångra den senaste körningen av { $name }?
ui-ask-undo-looking = Ser efter vad som krävs …
ui-pane-of-contacts = { $total ->
    [one] { $done } av { $total } kontakt
   *[other] { $done } av { $total } kontakter
}
ui-sum-contacts = { $count ->
    [one] kontakt
   *[other] kontakter
}
ui-sum-archived = { $count ->
    [one] arkiverad
   *[other] arkiverade
}
ui-sum-restored = { $count ->
    [one] återställd
   *[other] återställda
}
ui-sum-left = { $count ->
    [one] lämnad som den är
   *[other] lämnade som de är
}
ui-report-undo = Ångrad: körningen { $run }
ui-report-undo-stopped = Tryck { $key } igen för att fortsätta.
ui-report-undone-by = Den här körningen ångrades av { $run }.
ui-outcome-undone = ångrad
ui-pane-undo-ended = Segue: körningen av { $name } är ångrad
ui-key-did = ändringar
ui-did-title = Vad körningen ändrade
ui-next-did = se vad körningen ändrade, kontakt för kontakt
