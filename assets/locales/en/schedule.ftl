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

watch-watching = { $count ->
    [0] No destination has a schedule yet; waiting for one
    [one] Seeing to one schedule
   *[other] Seeing to { $count } schedules
}
watch-stopping = Stopping: exports under way finish the calls in flight. Ctrl-C again drops them.
watch-broken = { $name }: its file cannot be read, so that its schedule is not known: { $value }
watch-waits = { $name }: due, and waits until its source is ready
watch-queued = { $name }: queued, as the Mailchimp account is in use by { $value }
watch-started = { $name }: begins ({ $value })
watch-unchanged = nothing had changed, and nothing was sent
watch-skipped = { $name }: skipped, as this failed: { $value }
watch-unseen = { $name }: its source cannot be asked: { $value }
watch-retry = { $name }: tried again { $value }
watch-stopped = { $name }: nothing runs by itself any more until you have looked: { $value } Then run it (segue run { $word }), and its schedule goes on.
watch-finish = { $name }: the command on_finish did not do well: { $value } (see logs/on_finish.log)
list-stopped = stopped, until you have run it
