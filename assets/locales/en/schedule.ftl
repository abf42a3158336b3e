# Exports that run by themselves.

schedule-off = off
schedule-daily = Daily at { $times } ({ $zone })
schedule-weekly = Weekly on { $days } at { $times } ({ $zone })
schedule-on-refresh = After every refresh of the source
schedule-on-refresh-quiet = After every refresh of the source, once it has been quiet for { $seconds } s
schedule-refresh = on refresh
day-mon = Mon
day-tue = Tue
day-wed = Wed
day-thu = Thu
day-fri = Fri
day-sat = Sat
day-sun = Sun
label-schedule = Schedule
list-next-run = Next run
schedule-next = next run { $time }
schedule-not-copied = The copy has no schedule: it runs when you say so. segue schedule sets one.
