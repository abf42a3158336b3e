# Exports that run by themselves.

schedule-off = off
schedule-daily = Daily at { $times } ({ $zone })
schedule-weekly = Every { $days } at { $times } ({ $zone })
schedule-on-refresh = After every refresh of the source
schedule-on-refresh-quiet = After every refresh of the source, once it has been quiet for { $seconds } s
schedule-refresh = on refresh
day-name-mon = Monday
day-name-tue = Tuesday
day-name-wed = Wednesday
day-name-thu = Thursday
day-name-fri = Friday
day-name-sat = Saturday
day-name-sun = Sunday
days-and = { $days } and { $last }
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
    [one] Looking after one schedule
   *[other] Looking after { $count } schedules
}
watch-stopping = Stopping: exports finish their calls under way. Ctrl-C again drops them.
watch-hindered = Nothing can begin for now; trying again: { $value }
watch-broken = { $name }: its file cannot be read, so that its schedule is not known: { $value }
watch-waits = { $name }: due, and waits until its source is ready
watch-queued = { $name }: queued, because the Mailchimp account is in use by { $value }
watch-started = { $name }: begins ({ $value })
watch-unchanged = nothing had changed, and nothing was sent
watch-skipped = { $name }: skipped, because this failed: { $value }
watch-unseen = { $name }: its source cannot be reached: { $value }
watch-retry = { $name }: will be tried again at { $value }
watch-stopped = { $name }: nothing runs by itself any more until you have looked: { $value } Then run it ({ $line }), and its schedule goes on.
watch-finish = { $name }: { $value }
finish-unknown = nobody was told of its end: which command on_finish is cannot be read. { $value }
finish-not-begun = the command on_finish could not be run: { $value }
finish-failed = the command on_finish failed ({ $value }). What it said is in logs/on_finish.log.
finish-late = the command on_finish took longer than { $value } and was ended. seconds in [on_finish] of config.toml gives it more.
list-stopped = stopped, until you have run it
schedule-guessed = Dataverse does not tell of refreshes. Segue guesses them: something changed, and then nothing did for a while.
schedule-no-watcher = Nothing runs by itself yet: segue watch is not running. Start it, or see segue schedule --print-unit systemd.
home-no-watcher = segue watch is not running: no schedule runs (segue schedule --print-unit).
key-schedule = schedule
ask-schedule = When should { $name } run by itself?
ask-schedules = When should these { $count } destinations run by themselves?
ask-schedules-differ = Their schedules differ. What you type here replaces all of them.
label-zone = Time zone
ask-schedule-how =
    06:00 18:00      every day at these times
    mon,thu 06:00    on these days
    refresh          with each refresh of the source
    off              only when you run it
    It runs as long as segue watch is running.
ask-schedule-wrong = { $typed } is not a schedule.
    .why = Write one to four times (06:00 18:00), days and times (mon,thu 06:00), refresh for every refresh of the source, or off.
    .next = Correct the line.
ask-schedule-blank = A time zone belongs to times, and there are none.
    .why = Write one to four times (06:00 18:00), days and times (mon,thu 06:00), refresh for every refresh of the source, or off.
    .next = Fill in the schedule.
unit-systemd = Save this as ~/.config/systemd/user/segue.service, then: systemctl --user enable --now segue, and loginctl enable-linger so that it keeps running when you are not signed in.
unit-secrets-file = Tokens and API keys come from the keyring of your desktop, which must be unlocked. Where there is none, write SEGUE_MAILCHIMP_TOKEN=KEY and other variables of secrets, a line each, into a file that only you can read (chmod 600), and take away the # before its name here:
unit-secrets = Tokens and API keys come from the keyring of your desktop, which must be unlocked. Where there is none, the environment has to hold SEGUE_MAILCHIMP_TOKEN and other variables of secrets, read from a file that only you can read; the README says how.
unit-cron = Add these lines with crontab -e. What is due runs within five minutes.
unit-launchd = Untested. Save this as ~/Library/LaunchAgents/segue.watch.plist, then: launchctl load ~/Library/LaunchAgents/segue.watch.plist
unit-task = Untested. Save this as segue.xml, then: schtasks /Create /TN Segue /XML segue.xml
schedule-bad-time = { $typed } is no time of day. Write HH:MM, from 00:00 to 23:59.
schedule-bad-times = { $count ->
    [0] No time of day is given. Write one to four, each as HH:MM.
   *[other] { $count } times a day are too many: one to four are possible.
}
schedule-bad-day = { $typed } is no day of the week. Write days as mon,thu and the times after them: mon, tue, wed, thu, fri, sat, sun.
schedule-no-times = The schedule of { $name } has no times that could be those of a time zone: { $schedule }.
schedule-no-days = No day of the week is given. Write days as mon,thu and the times after them.
schedule-bad-zone = { $typed } is no time zone. Write a name such as Europe/Stockholm or UTC.
    .next = Correct the line.
schedule-failing = it failed and will be tried again at { $time }: { $why }
schedule-stopped = it failed, and does not run by itself until you have run it: { $why }
schedule-depends = it waits for { $name }, which failed: { $why }
watch-once = { $count ->
    [0] No destination has a schedule, so there is nothing to do. segue schedule sets one.
    [one] One schedule
   *[other] { $count } schedules
}
watch-due = due since { $time }
watch-nothing-due = Nothing is due now.
schedule-typed-refresh = refresh
