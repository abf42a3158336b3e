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
