# Exporter som körs av sig själva.

schedule-off = av
schedule-daily = Varje dag kl. { $times } ({ $zone })
schedule-weekly = Varje vecka { $days } kl. { $times } ({ $zone })
schedule-on-refresh = Efter varje uppdatering av källan
schedule-on-refresh-quiet = Efter varje uppdatering av källan, när den har varit stilla i { $seconds } s
schedule-refresh = vid uppdatering
day-mon = mån
day-tue = tis
day-wed = ons
day-thu = tors
day-fri = fre
day-sat = lör
day-sun = sön
label-schedule = Schema
list-next-run = Nästa körning
schedule-next = nästa körning { $time }
schedule-not-copied = Kopian har inget schema: den körs när du säger till. segue schedule ger den ett.

watch-watching = { $count ->
    [0] Inget exportmål har något schema än; väntar på ett
    [one] Sköter ett schema
   *[other] Sköter { $count } scheman
}
watch-stopping = Stoppar: exporter som pågår avslutar anropen som är på väg. Ctrl-C igen släpper dem.
watch-broken = { $name }: filen går inte att läsa, så schemat är okänt: { $value }
watch-waits = { $name }: ska köras, och väntar tills källan är redo
watch-queued = { $name }: i kö, eftersom Mailchimp-kontot används av { $value }
watch-started = { $name }: börjar ({ $value })
watch-unchanged = ingenting hade ändrats, och ingenting skickades
watch-skipped = { $name }: överhoppad, eftersom detta misslyckades: { $value }
watch-unseen = { $name }: källan går inte att fråga: { $value }
watch-retry = { $name }: försöker igen { $value }
watch-stopped = { $name }: ingenting körs av sig självt förrän du har tittat: { $value } Kör det sedan (segue run { $word }), så fortsätter schemat.
watch-finish = { $name }: kommandot on_finish gick inte bra: { $value } (se logs/on_finish.log)
list-stopped = stoppat, tills du har kört det
