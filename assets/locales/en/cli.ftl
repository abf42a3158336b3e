# Help of the command line. Keys are looked up by name: cli-COMMAND, cli-COMMAND-examples, cli-COMMAND-ARGUMENT,
# cli-global-FLAG; nested commands are joined by a dash.

cli-about = Exports segments of customer profiles from Dynamics 365 Customer Insights to a Mailchimp audience
cli-examples =
    segue demo --auto
    segue login mailchimp
    segue add --from spring.toml --accept-privacy
    segue check "Spring newsletter"
    segue run "Spring newsletter"

cli-usage = Usage
cli-commands = Commands
cli-options = Options
cli-arguments = Arguments
cli-global-options = Global options
cli-examples-heading = Examples

cli-global-home = Folder that holds everything Segue keeps, instead of the usual places (SEGUE_HOME)
cli-global-lang = Language of the texts: en or sv; otherwise LC_ALL, LC_MESSAGES or LANG decides
cli-global-color = When to use colours: auto, always or never (NO_COLOR is respected)
cli-global-verbose = Tell more about what is going on; twice for even more
cli-global-json = Print data as JSON
cli-global-plain = Ask and tell in plain lines: no full screen, and no line that changes (SEGUE_PLAIN, TERM=dumb)
cli-global-help = Print help
cli-global-version = Print the version

cli-demo = Try Segue with made-up people and an imitated Mailchimp; nothing leaves this computer
cli-demo-examples =
    segue demo --auto
    segue demo --auto --profiles 100000
    segue demo --auto --fault 429=0.05 --json
cli-demo-auto = Set up a destination, run it and print the report, without asking anything
cli-demo-listen = { cli-sandbox-listen }
cli-demo-profiles = { cli-sandbox-profiles }
cli-demo-seed = { cli-sandbox-seed }
cli-demo-latency = { cli-sandbox-latency }
cli-demo-max-connections = { cli-sandbox-max-connections }
cli-demo-fault = { cli-sandbox-fault }
cli-demo-empty = { cli-sandbox-empty }
cli-demo-preload = { cli-sandbox-preload }
cli-demo-data = { cli-sandbox-data }
cli-demo-token-lifetime = { cli-sandbox-token-lifetime }
cli-demo-refresh-every = { cli-sandbox-refresh-every }

cli-sandbox = Serve an imitated Mailchimp on this computer until Ctrl-C, for trying and testing
cli-sandbox-examples =
    segue sandbox --listen 127.0.0.1:8800
    segue sandbox --profiles 20000 --latency 50ms --fault 500=0.01
cli-sandbox-listen = Address to listen on; loopback only, port 0 takes a free one [127.0.0.1:0]
cli-sandbox-profiles = How many people to make up [5000]
cli-sandbox-seed = Number that decides which people and faults are drawn [1]
cli-sandbox-latency = How long every answer takes at least, such as 50ms [0ms]
cli-sandbox-max-connections = Requests answered at once before further ones are refused [10]
cli-sandbox-fault = Fault to inject, and how often: 429, 403-empty, 500, 503, html-400, hang, drop-before, drop-after, compliance, forgotten, fake, merge-invalid or too-many-signups; may be repeated
cli-sandbox-empty = Start with an audience without members
cli-sandbox-preload = File with the members the audience starts with, one JSON object a line
cli-sandbox-data = Folder of files to serve instead of made-up people
cli-sandbox-token-lifetime = How long a sign-in is valid, such as 3600s [3600s]
cli-sandbox-refresh-every = How often the source refreshes its data, such as 60s; 0s for never [0s]

cli-login = Sign in to a service and save the login
cli-login-examples =
    segue login mailchimp --as work --api-key-stdin < key.txt
    segue login insights --client-id 1b2c… --tenant contoso.com --environment https://contoso.crm4.dynamics.com
cli-login-mailchimp = Sign in to Mailchimp in the browser, or with an API key
cli-login-mailchimp-examples =
    segue login mailchimp --client-id 123456789 --client-secret-stdin < secret.txt
    segue login mailchimp --as work --api-key-stdin < key.txt
    segue login mailchimp --print-url
    segue login mailchimp --complete - < redirected-url.txt
cli-login-mailchimp-as = What to call the login; otherwise it is named after the account
cli-login-mailchimp-client-id = Client ID of the OAuth app that you registered in Mailchimp
cli-login-mailchimp-client-secret-stdin = Read the client secret of the OAuth app from standard input
cli-login-mailchimp-port = Port on 127.0.0.1 that the browser returns to; the app's redirect URI is http://127.0.0.1:PORT/callback [8723]
cli-login-mailchimp-print-url = Print the sign-in address to open on another computer, and finish later with --complete
cli-login-mailchimp-complete = Finish a sign-in begun with --print-url: - reads the address you were sent to from standard input
cli-login-mailchimp-api-key-stdin = Sign in with an API key, read from standard input
cli-login-mailchimp-plan-limit = Contacts that your Mailchimp plan allows, so that no run goes above them
cli-login-mailchimp-yes = Replace the login of another account that has this name, without asking
cli-login-insights = Sign in to Customer Insights as the export user
cli-login-insights-examples =
    segue login insights --client-id 1b2c… --tenant contoso.com --environment https://contoso.crm4.dynamics.com
    segue login insights --as insights --client-id 1b2c… --tenant contoso.com --instance 9f8e… --subscription-key-stdin < key.txt
    segue login insights --as insights --device
cli-login-insights-as = What to call the login; otherwise it is named after the account. Under the name of a saved login you sign in again, and what you do not give stays as it was
cli-login-insights-client-id = Application (client) ID of the app that you registered in Microsoft Entra ID
cli-login-insights-tenant = Your organisation at Microsoft: a domain, or the directory (tenant) ID
cli-login-insights-environment = Address of the Dataverse environment, such as https://contoso.crm4.dynamics.com
cli-login-insights-instance = ID of the instance of Customer Insights, to read by the Customer Insights API instead
cli-login-insights-device = Sign in with a code on another device; the default over SSH. Some organisations block it
cli-login-insights-subscription-key-stdin = Read the subscription key of the Customer Insights API from standard input
cli-login-insights-yes = Replace the login of another account that has this name, without asking
cli-login-sql = Save how an engine is reached that is asked in SQL
cli-login-sql-examples =
    segue login sql --as warehouse --driver postgresql --secret uri --secret-stdin < uri.txt
    segue login sql --as lake --driver /opt/libadbc_driver_flightsql.so --option uri=grpc+tls://lake.example:443 --option username=reader --secret password --secret-stdin
cli-login-sql-as = What to call the login
cli-login-sql-driver = The ADBC driver: the path of its library, or a name that a manifest in a folder of ADBC_DRIVER_PATH stands for
cli-login-sql-option = A setting of the driver, such as uri=…; for several, repeat it
cli-login-sql-secret = The name of a setting that is a secret; for several, repeat it
cli-login-sql-secret-stdin = Read the secrets from standard input, one a line, in that order; they are kept in the keyring
cli-login-sql-yes = Replace the login of another driver that has this name, without asking

cli-logins = List the saved logins
cli-logins-examples =
    segue logins
    segue logins --json

cli-logout = Remove a saved login and its secrets
cli-logout-examples =
    segue logout work
    segue logout work --yes
cli-logout-login = The login to remove
cli-logout-yes = Do not ask, even when destinations use the login

cli-add = Save a destination: what to export, from where, to which audience
cli-add-examples =
    segue add --name "Spring newsletter" --accept-privacy --audience a1b2c3d4e5 \
      --source folder:./profiles --segment-by "Loyalty Tier" --all-segments \
      --map email=EMail --map FNAME=FirstName --map LNAME=LastName \
      --consent-attribute "Email Subscriber" --status-if-new subscribed
    segue add --from spring.toml --accept-privacy
cli-add-name = Display name of the destination, 1 to 100 characters
cli-add-accept-privacy = I agree to data leaving Customer Insights; without this flag the text to agree to is shown
cli-add-login = Saved login to use; may be left out when only one reaches the audience
cli-add-audience = Audience ID in Mailchimp
cli-add-source = Where the profiles are: folder:PATH, dataverse:URL, insights:INSTANCE-ID or sql:LOGIN
cli-add-source-login = The login of the export user, for a source in Customer Insights
cli-add-map = Fill the email address or a merge field with an attribute: email=ATTRIBUTE, FNAME=ATTRIBUTE, ADDRESS.city=ATTRIBUTE or language=ATTRIBUTE; may be repeated
cli-add-segment = Segment to export, by ID or label; may be repeated
cli-add-all-segments = Export all segments that exist now
cli-add-status-if-new = What new contacts become: subscribed, pending (asked to confirm first) or transactional (no marketing mail); there is no default
cli-add-consent-attribute = Attribute that says whether a person agreed: ATTRIBUTE, !ATTRIBUTE when it says the opposite, or ATTRIBUTE=VALUE,… with the values that let a person be mailed; whoever does not say a known yes is not added
cli-add-dismiss-consent = Attribute that looks like consent and is not, so that nothing warns of it; may be repeated, "" forgets those before
cli-add-on-leave = What happens to the tag when a profile leaves its segment: untag or keep [untag]
cli-add-tag = Another name for the tag of a segment: SEGMENT=TAG; may be repeated
cli-add-adopt-tags = Use tags of the same name that are in the audience already [false]
cli-add-clear-empty = Clear a merge field where the profile's value is empty [false]
cli-add-create-fields = Create merge fields that the audience does not have
cli-add-layout = What the files of a folder hold, when Segue cannot tell by itself: one-file, profiles-and-segments, file-per-segment or tables
cli-add-queries = Folder of queries, for an SQL source: each file NAME.sql is a segment, its first comment line the label
cli-add-segment-by = Column of a single file whose values are the segments
cli-add-id-column = Column that holds the ID of the profile
cli-add-delimiter = Character between the columns, when Segue cannot tell by itself
cli-add-date-order = Order of the parts of a date: mdy, dmy or ymd, when the values do not tell; FIELD=ORDER says it of one merge field, and may be repeated
cli-add-max-profiles = The most profiles a run may export [1000000]
cli-add-max-segments = Allow so many segments, each of which becomes a tag [60]
cli-add-force = Save also where the email attribute holds hardly any address
cli-add-offline = Save without asking Mailchimp or the source whether everything is in place
cli-add-from = Read the destination from a TOML file

cli-list = List the saved destinations
cli-list-examples =
    segue list
    segue list --json | jq -r '.[] | select(.why) | .name'

cli-show = Show a saved destination
cli-show-examples =
    segue show "Spring newsletter"
    segue show "Spring newsletter" --toml > spring.toml
cli-show-name = Name of the destination
cli-show-toml = Print it as TOML, as segue add --from reads it

cli-edit = Change a saved destination
cli-edit-more = Only what is given changes. --segment replaces the list of segments, --map FIELD= takes a field away, --tag SEGMENT= another name for a tag; an empty value ("") takes away --consent-attribute, --layout, --segment-by, --id-column and --delimiter; --adopt-tags=false and --clear-empty=false switch off. Another source or audience needs --accept-privacy again.
cli-edit-destination = Name of the destination
cli-edit-removed-tags = What becomes of the tags of segments that are taken out, on the people who have them: untag (removed in the next run, however many they are) or keep
cli-edit-no-login = Take its connection away: it stays, and does not run until it has another login
edit-removed-tags = { $count ->
    [one] People may have the tag “{ $tags }”, which this destination no longer gives. Remove it from them in the next run?
   *[other] People may have { $count } tags that this destination no longer gives: { $tags }. Remove all of them from these people in the next run?
}
cli-edit-examples =
    segue edit "Spring newsletter" --login club
    segue edit "Spring newsletter" --map FNAME=FirstName --map PHONE=

cli-rename = Give a saved destination another name; its history stays its own
cli-rename-examples =
    segue rename "Spring newsletter" "Summer newsletter"
cli-rename-name = Name of the destination
cli-rename-new = Its new name

cli-duplicate = Save a copy of a destination under another name, without its history
cli-duplicate-examples =
    segue duplicate "Spring newsletter" "Summer newsletter" --accept-privacy
cli-duplicate-name = Name of the destination
cli-duplicate-new = Name of the copy
cli-duplicate-accept-privacy = I agree to data leaving Customer Insights; without this flag the text to agree to is shown

cli-remove = Remove a saved destination and stop exporting to it
cli-remove-examples =
    segue remove "Spring newsletter"
    segue remove "Spring newsletter" --yes --purge
cli-remove-name = Name of the destination
cli-remove-yes = Do not ask
cli-remove-purge = Remove the history of its runs too, and which tags are its own
cli-remove-keep-login = Keep its login, also when nothing else uses it

cli-check = Tell what a run would do; writes nothing
cli-check-examples =
    segue check "Spring newsletter"
    segue check "Spring newsletter" --json
    segue check "Spring newsletter" --diff
    segue check "Spring newsletter" --diff --csv > changes.csv
cli-check-name = Name of the destination
cli-check-diff = List what would become of each contact; with -v also those who stay as they are, with --json as the array changes
cli-check-csv = Print that list as CSV, a row for each value that changes, and nothing else
cli-check-trust-counts = Go on where what was read of a source or an audience is not what the service counted

cli-run = Export: bring the chosen segments to the audience
cli-run-examples =
    segue run "Spring newsletter"
    segue run "Spring newsletter" --limit 100
    segue run "Spring newsletter" --json --strict
cli-run-name = Names of the destinations, run one after the other
cli-run-all = Run all saved destinations
cli-run-scheduled = Run all destinations that have a schedule, whether they are due or not
cli-run-limit = Export only the first N profiles; a later run without it exports the others too
cli-run-only-rejects = Export only those whom the last full run rejected and who may fare better now: later, or after something was corrected in the source or the mapping
cli-run-fresh = Trust nothing that Segue remembers of the audience, and read all of it again
cli-run-allow-overage = Go on where the account would have more contacts than its plan allows
cli-run-allow-shrink = Go on where the source shrank by more than half, or a segment is gone or empty
cli-run-max-removals = How many percent of a tag's members may lose it in one run, 0 to 100 [5, and always 50 members]
cli-run-max-in-flight = Calls to Mailchimp at once, 1 to 10 [8]
cli-run-trust-counts = Go on where what was read of a source or an audience is not what the service counted
cli-run-wait = Wait for a running refresh of the source and for another run to end
cli-run-strict = Exit with 3 for any reject, also for those of the last run

cli-undo = Undo a run: archive whom it created, restore what it changed
cli-undo-examples =
    segue undo "Spring newsletter"
    segue undo "Spring newsletter" 20261126T174622.123Z-5a8f --yes
cli-undo-name = Name of the destination
cli-undo-run = The run; otherwise the latest one that wrote
cli-undo-yes = Do not ask

cli-history = List the runs of a destination, or of all, or show one in full
cli-history-examples =
    segue history
    segue history "Spring newsletter"
    segue history "Spring newsletter" 20261126T174622.123Z-5a8f
    segue history --json
cli-history-name = Name of the destination; otherwise all, also removed ones
cli-history-run = The run to show in full

cli-rejects = List the profiles that a run could not deliver, with reason and advice
cli-rejects-examples =
    segue rejects "Spring newsletter"
    segue rejects "Spring newsletter" --csv > rejects.csv
    segue rejects "Spring newsletter" --remembered
    segue rejects "Spring newsletter" --forget < addresses.txt
cli-rejects-name = Name of the destination
cli-rejects-run = The run; otherwise the last one
cli-rejects-csv = Print CSV
cli-rejects-remembered = List whom Mailchimp refused for good, or contradicted itself about lately, and whom Segue therefore leaves alone
cli-rejects-forget = Forget that people were refused: reads their email addresses from standard input, one a line

cli-erase = Delete one person for good: in the audience, and in all files of Segue
cli-erase-examples =
    segue erase "Spring newsletter" --email-stdin --confirm delete < address.txt
cli-erase-name = Name of a destination to the audience
cli-erase-email-stdin = Read the email address of the person from standard input
cli-erase-confirm = Must be the word delete: what is erased cannot be brought back

cli-doctor = Find out what is wrong on this computer, with the logins and with the destinations, and what to do
cli-doctor-examples =
    segue doctor
    segue doctor --json

cli-completions = Print a script that completes commands, flags and saved names in a shell
cli-completions-examples =
    source <(segue completions bash)
    source <(segue completions zsh)
    segue completions fish > ~/.config/fish/completions/segue.fish
cli-completions-shell = The shell: bash, elvish, fish, powershell or zsh

cli-man = Print the manual
cli-man-examples =
    segue man | man -l -
    segue man > segue.1

man-name = Name
man-synopsis = Synopsis
man-exits = Exit codes
man-exit-0 = Done; also with rejects that the last report had
man-exit-1 = Failed
man-exit-2 = The command line is wrong, a name is unknown, or an answer is missing
man-exit-3 = Done, with new rejects
man-exit-4 = A sign-in is needed
man-exit-5 = A temporary failure, or the account is busy with another run: run again to go on
man-exit-6 = A guard refused before anything was written
man-exit-130 = Stopped by Ctrl-C: run again to go on
man-exit-143 = Stopped by a signal: run again to go on
man-exit-70 = An error in Segue itself
man-variables = Environment
man-SEGUE_HOME = Folder that holds everything Segue keeps
man-SEGUE_MAILCHIMP_TOKEN = Access token or API key of Mailchimp, instead of the keyring
man-SEGUE_INSIGHTS_REFRESH_TOKEN = Refresh token of the export user, instead of the keyring
man-SEGUE_INSIGHTS_SUBSCRIPTION_KEY = Subscription key of the Customer Insights API, instead of the keyring
man-SEGUE_MAILCHIMP_API_URL = Another address of the Mailchimp API, such as the sandbox's
man-SEGUE_MAILCHIMP_LOGIN_URL = Another address of Mailchimp's sign-in, such as the sandbox's
man-SEGUE_ENTRA_AUTHORITY = Another authority for the sign-in of the export user
man-SEGUE_INSIGHTS_URL = Another address of the Customer Insights API
man-SEGUE_THEME = Colours of the application: terminal, dark, light, contrast [terminal]
man-SEGUE_HTTP_TIMEOUT = Seconds to wait for an answer of a service [125]
man-SEGUE_PLAIN = Questions and answers in plain lines, as with --plain
man-SEGUE_LOG = What goes to logs/segue.log, such as segue=debug
man-NO_COLOR = No colours
man-HTTPS_PROXY = The proxy to reach the services through

cli-segments = List the segments of a destination's source, or print one
cli-segments-examples =
    segue segments "Spring newsletter"
    segue segments "Spring newsletter" Gold --preview
    segue segments "Spring newsletter" Gold --csv > gold.csv
cli-segments-name = Name of the destination
cli-segments-segment = The segment, by its ID or label
cli-segments-preview = Print the first 100 members: profile ID and mapped attributes
cli-segments-csv = Print all members as CSV: profile ID and mapped attributes

cli-schedule = Set when destinations are exported by themselves, as long as segue watch is running; without a flag say what is set
cli-schedule-examples =
    segue schedule "Spring newsletter" --daily 06:00 18:00
    segue schedule "Spring newsletter" Members --weekly mon,thu 06:00 --tz Europe/Stockholm
    segue schedule "Spring newsletter" --on-refresh
    segue schedule "Spring newsletter" --off
cli-schedule-name = Names of the destinations; without any, and without a schedule, all
cli-schedule-off = Never by themselves
cli-schedule-daily = Every day at these times, one to four, each as HH:MM
cli-schedule-weekly = Every week on these days (mon,thu), at one to four times
cli-schedule-on-refresh = After every refresh of the source from now on
cli-schedule-quiet-seconds = With --on-refresh: how long the source must have been quiet before it counts as refreshed [a folder 60, Dataverse 900; Customer Insights tells itself]
cli-schedule-tz = Time zone of the times, by its name such as Europe/Stockholm; alone, it changes that of the schedule there is [that of the schedule so far, else that of this computer]
cli-schedule-print-unit = Print what keeps segue watch running: systemd, cron, launchd or task (Windows)

cli-watch = Look after all schedules: run what is due, until stopped
cli-watch-examples =
    segue watch
    segue watch --json
    segue watch --once
cli-watch-once = Run what is due now, once each, and end: for cron and timers
