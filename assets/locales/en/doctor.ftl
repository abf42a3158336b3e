# What segue doctor finds. `why` is told in JSON only.

doctor-space = The disk has only { $mib } MiB left.
    .why = A large run needs about 1 GiB for its working files.
    .next = Make room, or use a folder on another disk with --home DIR.
doctor-locale = The locale does not use UTF-8: { $locale }.
    .why = Names with letters outside ASCII may be shown wrong.
    .next = export LANG=C.UTF-8
doctor-no-bus = There is no D-Bus address, as in cron, and so no keyring.
    .why = The keyring is reached over the D-Bus of your session, which cron does not know.
    .next = In a crontab, put this line at the top: { $line }
    .next2 = Without a desktop session, start a keyring first, or set SEGUE_MAILCHIMP_TOKEN.
doctor-no-need-of-keyring = No keyring can be used now, and none is needed: the secrets come from the environment.
    .why = Runs take their secrets from the variables listed under “environment”. A new sign-in could not be saved.
    .next = Nothing has to be done, as long as those variables are set for every run.
doctor-no-browser = No browser can be opened from here: { $why }
    .why = Sign-in works from another computer too.
    .next = segue login mailchimp --print-url
doctor-variables = Used instead of the keyring: { $names }
    .why = Whoever can read the environment of this program can read the secret.
    .next = To use the keyring, unset it.
doctor-proxy = The proxy in { $variable } cannot be reached.
    .why = Every call to a service goes through it.
    .next = Correct { $variable }, or unset it.
doctor-clock = { $minutes ->
    [one] The clock differs from that of { $name } by { $minutes } minute.
   *[other] The clock differs from that of { $name } by { $minutes } minutes.
}
    .why = Sign-ins and certificates are valid by the clock, and changes are found by it.
    .next = Set the clock, best by the network (NTP).
doctor-no-login = Nobody is signed in to Mailchimp yet.
    .why = A run needs a login.
    .next = segue login mailchimp
doctor-unfinished = { $count ->
    [one] A run to the audience of { $name } ended early.
   *[other] { $count } runs to the audience of { $name } ended early.
}
    .why = The next run finds out first what became of its last calls.
    .next = Run the destination again.
doctor-erase-begun = { $count ->
    [one] One erasure was not completed.
   *[other] { $count } erasures were not completed.
}
    .why = No run sends these people, but files or the audience may still hold them.
    .next = Repeat segue erase with the address.
doctor-slow = There was no answer within a few seconds.
    .why = The network or the service is slow, or something in between drops the calls.
    .next = Check the network and the proxy, and try again.
doctor-no-watcher = { $count ->
    [one] One destination has a schedule, but segue watch is not running.
   *[other] { $count } destinations have a schedule, but segue watch is not running.
}
    .why = Nothing runs by itself unless segue watch does, or cron runs segue watch --once.
    .next = segue schedule --print-unit systemd
doctor-schedule-stopped = The schedule of { $name } has stopped: { $cause }
    .why = It failed for good, or for six hours, and waits until somebody has looked.
    .next = Correct what it says, then: segue run { $word }
doctor-timeout = SEGUE_HTTP_TIMEOUT is { $value }, which is not a whole number of seconds from 1.
    .why = No other command starts with it.
    .next = Correct SEGUE_HTTP_TIMEOUT, or unset it for the usual 125 seconds.
doctor-theme = SEGUE_THEME is { $value }, and there is no such theme.
    .why = The terminal application does not open with it.
    .next = Set it to one of { $known }, or unset it.
doctor-unknown-keys = { $count ->
    [one] config.toml has a key that Segue does not know: { $keys }.
   *[other] config.toml has keys that Segue does not know: { $keys }.
}
    .why = Such a key has no effect.
    .next = Correct the spelling. Known are history_days, theme, keys, on_finish, drivers, and in on_finish: command, seconds, destinations.
doctor-finish-of-nobody = { $count ->
    [one] config.toml has a command in on_finish.destinations for { $names }, which is no saved destination.
   *[other] config.toml has commands in on_finish.destinations for { $names }, which are no saved destinations.
}
    .why = Such a command never runs.
    .next = Correct the spelling there.
    .run = segue list
doctor-no-network = There is no connection to { $name }: no network, or something in the way.
    .why = { $cause }
    .next = Check the network connection, and the proxy (HTTPS_PROXY) where one is needed.
doctor-unreachable = { $name } gave no answer that can be used. { $cause }
    .why = Something between this computer and the service, most often a proxy, may have answered in its place.
    .next = Check the network connection and the proxy (HTTPS_PROXY), then try again.
key-of-nobody = { $file }, line { $line }: no command is called “{ $command }”.
    .why = Under [keys] stands the name of a command and the key that it shall have.
    .next = The names are { $more }.
key-that-is-none = { $file }, line { $line }: { $command } cannot have “{ $key }”, which cannot be wished for.
    .why = What can be wished for is a single character, such as "x" or "ö", one of F2 to F12, or ctrl- with a letter.
    .next = Give { $command } another key.
key-that-is-kept = { $file }, line { $line }: { $command } cannot have “{ $key }”, which means the same everywhere.
    .why = Enter, Esc, Space, Tab, the arrows and their like, the digits, j, k, g, G, ? and : move, choose and help in every place; with Ctrl so do c, g, h, i, j, m, q and z, here or in the terminal.
    .next = Give { $command } another key: a single character, one of F2 to F12, or ctrl- with a letter.
key-that-is-taken = { $file }, line { $line }: { $command } cannot have “{ $key }”, which is the key of { $more } in the same place.
    .why = One key can do one thing in a place.
    .next = Give { $command } another key, or { $more }.
doctor-certificate = { $cause }
    .why = Who answers cannot be told, so nobody is shown the login.
    .next = When that is done, look again: segue doctor
doctor-state-ok = ok
doctor-state-warning = warning
doctor-state-wrong = wrong
doctor-check-folder = folder
doctor-check-disk = disk
doctor-check-config = config
doctor-check-locale = locale
doctor-check-keyring = keyring
doctor-check-browser = browser
doctor-check-environment = environment
doctor-check-proxy = proxy
doctor-check-network = network
doctor-check-clock = clock
doctor-check-login = login
doctor-check-destination = destination
doctor-check-source = source
doctor-check-runs = runs
doctor-check-watch = watch
doctor-check-erased = erased
