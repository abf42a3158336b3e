# The terminal application.

ui-too-small = Segue needs a window of at least { $width } × { $height } characters. Make this one larger to go on.
ui-looking = Looking …
ui-none = none
ui-more = and { $count } more
ui-above = ↑ { $count } more
ui-below = ↓ { $count } more
ui-members = { $count ->
    [one] { $count } member
   *[other] { $count } members
}

ui-title-new = New destination
ui-title-edit = Edit destination
ui-group-connection = Connection
ui-group-export = Export
ui-steps = Steps
ui-title-step = step { $step } of { $steps }
ui-title-run = Export
ui-title-report = Report

ui-key-palette = commands
ui-key-help = help
ui-palette-title = Commands
ui-palette-none = No command is called that.
ui-help-title = Help
ui-key-new = new
ui-key-run = run
ui-key-changes = changes
ui-key-kind = kind
ui-key-whole = details
ui-key-check = check
ui-key-edit = edit
ui-key-open = open
ui-key-remove = remove
ui-key-filter = filter
ui-key-quit = quit
ui-key-done = done
ui-key-clear = clear
ui-key-next = next
ui-key-choose = choose
ui-key-back = back
ui-key-account = sign-in
ui-key-field = next field
ui-key-browser = open in browser
ui-key-copy-code = copy code
ui-key-copy = copy address
ui-key-cancel = cancel
ui-key-change = change
ui-key-add = add attribute
ui-key-preview = preview
ui-key-all = all
ui-key-members = members
ui-key-go = do it
ui-key-stop = stop
ui-key-drop = drop calls under way
ui-key-background = back, keep running
ui-key-leave = leave
ui-key-step-back = step back
ui-key-step-on = step on
ui-key-go-to = go to a step by its number
ui-key-stay = stay
ui-key-throw-away = throw away
ui-key-step = step
ui-key-export = save and export
ui-key-home = destinations
ui-key-rejects = rejects
ui-key-again = send again
ui-key-fresh = run, reading all again
ui-key-move = move
ui-key-yes = yes
ui-key-no = no
ui-key-login-too = login too

ui-help-moving = Arrow keys or j k move. Tab goes to the next field. Enter goes on, Space chooses, Esc goes one level back, and leaves the wizard. In the wizard, Ctrl-↑ and Ctrl-↓ go from step to step, Ctrl-G and a number to a step you have seen. Ctrl-C ends the program.
ui-help-palette = : lists all that can be done here; type to search the list.
ui-help-typing = While you type, letters are text: help is F1 here.
ui-help-start = What you need before you begin. What Segue can check by itself gets a tick; nothing here stops you.
ui-help-name = The name tells your destinations apart, on this screen and on the command line. Only you see it. You can change it later.
ui-help-consent = Nothing is saved and nothing is sent before you agree. Segue records when you did, your user name and which text you read.
ui-help-audience = In Mailchimp: { -menu-audience-id }. The ID has about ten letters and digits. Once you are signed in you can choose from a list instead.
ui-help-login = Mailchimp needs an app of your own: { -menu-apps }, with the redirect URI http://127.0.0.1:8723/callback. An API key works as well: { -menu-api-keys }. Secrets go into your system's keyring and nowhere else.
ui-help-source = Profiles are read in the name of an export user: you, or a user for this purpose. Register an app once: entra.microsoft.com → App registrations → New registration. Under Authentication add “Mobile and desktop applications” with http://localhost; for codes, allow public client flows. Under API permissions add Dynamics CRM → user_impersonation, or Dynamics 365 AI for Customer Insights for the API. Client ID and tenant are on its overview page. A folder of exported CSV files works as well, also one that Customer Insights or Synapse Link writes.
ui-help-matching = On the left is Mailchimp's merge field, on the right the attribute of your profiles that fills it. The values beside it come from your data, so a wrong choice shows at once. Space changes a line.
ui-help-segments = Only profiles in the chosen segments are exported; each segment becomes a tag in Mailchimp. A profile in several segments is exported once.
ui-help-rules = People already in the audience keep their status, whatever you choose here. Whoever unsubscribed is never subscribed again.
ui-help-review = Each line leads back to its step. Saving does not run anything. { $key }, or Save and export, asks once and then does both.

ui-step-start = Before you start
ui-step-name = Name and privacy
ui-step-audience = Connect to Mailchimp
ui-step-login = Authenticate with Mailchimp
ui-step-source = Add yourself as export user
ui-short-limit = Limit
ui-limit = { $count ->
    [one] at most { $count } profile
   *[other] at most { $count } profiles
}
ui-short-privacy = Privacy
ui-short-audience = Audience
ui-short-mailchimp = Mailchimp
ui-short-source = Export user
ui-step-rules = Rules
ui-step-review = Review

ui-start-lead = Segue exports segments of customer profiles to a Mailchimp audience. You need:
ui-start-account = a Mailchimp account, with the rights of an administrator
ui-start-audience = an audience in Mailchimp, and its ID
ui-start-segments = segments, in Customer Insights or in a folder that this computer can read
ui-start-email = an attribute with the email address in your profiles
ui-start-later = The answers are kept as you go: you can leave at any time and go on later.

ui-name-later = You can change this later.
ui-name-good = The name is free. You can change it later.
ui-name-taken = Another destination has this name.

ui-consent-needed = Press Space to agree.

ui-audience-lead = Which audience receives the profiles?
ui-audience-empty = Your audiences are listed here as soon as you are signed in.
ui-audience-bad = An audience ID has letters and digits only, like a1b2c3d4e5.
ui-audience-choose = Your audiences
ui-audience-pick = Choose one with ↑ ↓, or type its ID.
ui-audience-needed = Choose an audience with ↑ ↓, or type its ID.
ui-audience-no-campaign = none yet
ui-col-members = Members
ui-col-campaign = Last campaign
ui-audience-found = { $count ->
    [one] { $name } · { $count } member
   *[other] { $name } · { $count } members
}
ui-audience-absent = None of your audiences has this ID.
ui-audience-after = Looked up as soon as you are signed in.

ui-login-lead = Sign in as someone who may manage the audience.
ui-login-connected = Connected to Mailchimp: { $account }
ui-login-go-on = Go on
ui-login-audience = Choose the audience
ui-login-approve = Approve here (the demo's own sign-in)
ui-login-browser = Sign in with the browser
ui-login-use-key = Use an API key
ui-login-saved = Use the saved login { $login }
ui-login-app-lead = The app you registered with Mailchimp:
ui-login-client-id = Client ID
ui-login-client-secret = Client secret
ui-login-redirect = Its redirect URI has to be exactly http://127.0.0.1:8723/callback.
ui-login-key-lead = An API key of your Mailchimp account. It goes into your system's keyring.
ui-login-lacks-id = The client ID is missing: you find it in the app that you registered in Mailchimp.
ui-login-lacks-secret = The client secret is missing: you find it beside the client ID in the app.
ui-login-lacks-key = The API key is missing: paste it here.
ui-login-key = API key
ui-login-waiting = Approve in the browser; Segue waits up to five minutes. Enter opens this page again:
ui-login-paste = Browser on another computer? Paste the address it was sent back to:
ui-login-asking = Asking Mailchimp …

ui-source-approve = The demo's Customer Insights (Approve here)
ui-source-lead = Where do the profiles come from?
ui-source-folder = Folder
ui-source-layout = Layout
ui-source-segment-by = Segments by
ui-source-id = IDs in
ui-source-found = Read: { $segments ->
    [one] { $segments } segment
   *[other] { $segments } segments
}, { $attributes ->
    [one] { $attributes } attribute
   *[other] { $attributes } attributes
}
ui-source-holds = { $segments ->
    [one] { $segments } segment
   *[other] { $segments } segments
}, { $attributes ->
    [one] { $attributes } attribute
   *[other] { $attributes } attributes
}
ui-source-refreshing = It is being refreshed just now; segments may change.
ui-source-dataverse = Customer Insights in Dataverse (recommended)
ui-source-insights = Customer Insights API (v1)
ui-source-files-way = A folder of exported files
ui-source-saved = Use the export user { $login } ({ $source })
ui-source-again = Try again
ui-folder-lead = A folder of exported files, or one file
ui-folder-example = For example ~/exports/august or ~/exports/people.csv; Tab completes it.
ui-folder-connected = Connected to the folder of files
ui-user-connected = Connected to Customer Insights: { $account }
ui-user-dataverse-lead = Sign in as a user who may read the tables of Customer Insights in this environment. Later runs act as that user.
ui-user-insights-lead = Sign in as a user of Customer Insights. Later runs act as that user. The key is shown there under Permissions → APIs.
ui-user-environment = Environment
ui-user-key = Subscription key
ui-user-client-id = Client ID
ui-user-tenant = Tenant
ui-user-how = Sign in
ui-user-by-browser = in the browser
ui-user-by-code = with a code on another device
ui-user-code-blocked = Some organisations block codes; then sign in in the browser instead. On another computer it works too: you paste the address here.
ui-user-register = Client ID and tenant are those of an app registered once in Microsoft Entra; help says how (F1).
ui-user-lacking = Fill in this field first.
ui-user-no-instance = This user sees no instance of Customer Insights. Ask an administrator for access, or sign in as another user.
ui-user-pick = Which instance?
ui-user-asking = Asking Microsoft …
ui-user-code-lead = Open this page on any device and enter the code:
ui-user-code-left = The code is valid for another { $time }.
ui-segments-state = { $segment }: { $state }, last refreshed { $time }
ui-segments-not-ready = “{ $segment }” is not up to date ({ $state }): a run with it is refused.
layout-auto = detected automatically
layout-one-file = one file
layout-profiles-and-segments = profiles and segments/
layout-file-per-segment = a file for each segment
layout-tables = tables of Customer Insights or Synapse Link
ui-holds-profiles = profiles
ui-holds-rows = a segment
ui-holds-ids = a segment's IDs
ui-holds-members = memberships
ui-col-file = File
ui-col-holds = Holds
ui-col-size = Size
ui-source-files = { $count ->
    [one] { $count } file
   *[other] { $count } files
}
ui-source-exports = Export read: { $times }
ui-source-incomplete = The newer export of “{ $table }” ({ $time }) is not complete and is not read; missing or unfinished: { $files }
ui-missing-consent = You have not agreed to the data transfer yet (step { $step }).
ui-missing-login = You are not signed in to Mailchimp yet (step { $step }).
ui-missing-audience = The audience has not been found yet (step { $step }).

ui-matching-lead = Which attribute fills which field? * = required
ui-matching-legend = ≈ = guessed by name
ui-matching-add = Add attribute
ui-matching-choose = Which attribute fills { $field }?
ui-matching-make = New merge field
ui-matching-make-how = type its tag above, or choose this; it is made when you save
ui-matching-long-tag = The tag { $tag } is too long: Mailchimp takes { $most } characters.
ui-matching-guessed = guessed
ui-matching-blank = { $percent }% empty
ui-matching-field-first = Tab chooses the attribute first
ui-matching-attribute-first = Tab chooses the merge field first
ui-matching-which = Which attribute?
ui-matching-fills = Which merge field does { $attribute } fill?
ui-col-field = Merge field
ui-col-kind = Type
ui-col-attribute = Attribute
ui-col-blank = Empty
ui-col-values = First values
ui-field-lead = A new merge field for { $attribute }
ui-field-tag = Tag
ui-field-name = Name
ui-field-kind = Type
ui-field-later = It is made in the audience when you save.
ui-field-looking = Looking through all values for their type …
ui-field-bad-tag = A tag has letters, digits and _ only, like SHOESIZE.
ui-field-there = The audience already has { $tag }: choose it from the list instead.
field-kind-text = text
field-kind-number = number
field-kind-address = address
field-kind-phone = phone
field-kind-date = date
field-kind-birthday = birthday
field-kind-zip = US ZIP code
field-kind-url = web address
field-kind-image = image
field-kind-radio = choice
field-kind-dropdown = drop-down
ui-matching-order = How are the dates in { $attribute } written?
ui-matching-not-ready = The audience or the profiles are not known yet.
ui-matching-gone = The profiles have no attribute { $attribute } any more.
ui-matching-address = email address
ui-matching-rejects = { $all ->
    [one] The first value does not fit ({ $kind }): its profile would be rejected.
   *[other] { $count ->
        [one] { $count } of the first { $all } values does not fit ({ $kind }): this profile would be rejected.
       *[other] { $count } of the first { $all } values do not fit ({ $kind }): these profiles would be rejected.
    }
}
ui-matching-leaves-out = { $all ->
    [one] The first value does not fit ({ $kind }): it would be left out.
   *[other] { $count ->
        [one] { $count } of the first { $all } values does not fit ({ $kind }): it would be left out.
       *[other] { $count } of the first { $all } values do not fit ({ $kind }): they would be left out.
    }
}
ui-preview-without = without { $what }
ui-preview-fields = { $count ->
    [one] One more field: see below
   *[other] { $count } more fields: see below
}
ui-preview-title = The first profiles, and whether their values fit
ui-picker-filter = Filter

ui-segments-lead = Which segments are exported?
ui-segments-total = { $chosen } chosen · { $what ->
    [profiles] { $total } of
   *[memberships] { $total ->
        [one] { $total } membership,
       *[other] { $total } memberships,
    }
} { $limit ->
    [one] at most { $limit } profile
   *[other] at most { $limit } profiles
}
segments-together = { $people ->
    [one] { $people } person
   *[other] { $people } different people
} in { $memberships ->
    [one] { $memberships } membership
   *[other] { $memberships } memberships
}
ui-segments-over = { $limit ->
    [one] More than { $limit } member in all.
   *[other] More than { $limit } members in all.
} People in several segments count once, so it may still fit.
ui-segments-gone = The segment { $segment } is not in the source any more. Take it out with Space.
ui-segments-members = The first members of { $segment }

ui-rules-consent = Who agreed to get mail?
ui-rules-leaving = Leaving a segment, tags, limits
# What each rule leads to, below the page; two lines of 53 columns at most.
ui-about-subscribed = Campaigns reach them from now on. Choose it only where people agreed to that.
ui-about-pending = Each gets one mail from Mailchimp; who does not confirm gets nothing else.
ui-about-transactional = They are in the audience with tags and fields; campaigns do not reach them.
ui-about-consent = Only people for whom it says yes are added. With none, everybody in the segments is.
ui-about-invert = A yes in the attribute then means: do not mail this person.
ui-about-dismiss = Nobody is left out because of it. You are asked why, and the report says so.
ui-about-untag = Whoever leaves a segment loses its tag in the next run, and stays in the audience.
ui-about-keep = Whoever leaves a segment keeps its tag, as if still in it.
ui-about-removed-asked = The tag is no longer given: choose whether people who have it keep it.
ui-about-removed-untag = The next run takes the tag from everybody who has it, however many they are.
ui-about-removed-keep = People who have the tag keep it; nobody else gets it.
ui-about-adopt = A tag of the same name counts as yours: whoever leaves the segment loses it.
ui-about-clear = Where the source has no value, the field in Mailchimp is emptied instead of left.
ui-about-max = A run with more people than that is refused before anything is sent.
ui-about-tag = The people of the segment are found in Mailchimp by this tag.
ui-about-go-on = The review shows what an export would do; nothing is sent yet.
ui-rules-lead = Which status do new contacts get?
ui-rules-subscribed = subscribed: they get your newsletters at once
ui-rules-pending = pending: Mailchimp asks them to confirm first
ui-rules-transactional = transactional: they get no marketing mail
ui-rules-invert = The attribute says the opposite (“do not email”)
ui-rules-dismiss = { $attribute } is not about consent
ui-why-lead = Why does { $attribute } not say who agreed to get mail?
ui-why-consequence = Without it, new people are added whatever it says. Your reason is kept with the destination.
ui-why-agreed = Everybody in these segments agreed in another way
ui-why-otherwise = It says something else
ui-why-out-of-date = It is out of date or hardly filled in
ui-why-own = Another reason:
ui-why-needed = Type the reason, or press Esc to look at the attribute again.
ui-rules-consent-unused = Your profiles seem to say who agreed to get mail: choose that attribute, or tick that it is not about consent.
ui-rules-status-needed = Choose the status of new contacts; Segue does not assume one.
ui-rules-removed-tag = People who have “{ $tag }”, no longer given
ui-rules-removed-needed = Choose what becomes of “{ $tag }” on the people who have it.
ui-rules-on-leave = Leaving a segment
ui-rules-adopt = { $count ->
    [0] Use tags that are already in the audience
    [one] Use a tag that is already in the audience (1 has the same name)
   *[other] Use tags that are already in the audience ({ $count } have the same name)
}
ui-rules-clear = An empty value clears the merge field
ui-rules-tag = Tag for { $segment }

ui-save = Save
ui-save-and-export = Save and export
ui-review-incomplete = Lines with ✗ still need an answer.
ui-review-not-connected = It has no login, and is not exported until it has one: choose the line “{ $step }” and press { $key }.
ui-review-checking = Checking what an export would do …
ui-review-waits = The export waits for this check, so that you see first what it would do.
ui-review-not-exported = Nothing is exported. Save keeps the destination; { $key } checks again.
ui-check-of = { $count ->
    [one] An export of { $count } profile would give:
   *[other] An export of { $count } profiles would give:
}
ui-check-title = An export of { $name } now
ui-changes-title = What an export would change
ui-changes-all = All contacts
ui-changes-none = Nothing matches.
ui-col-what = What
ui-col-contact = Contact
ui-col-changes = Changes

ui-home-empty = A destination says which profiles go to which Mailchimp audience, and by which rules. You set it up once and run it with one key from then on.
ui-home-tour-new = makes your first destination, step by step; the answers are kept as you go
ui-home-tour-check = checks what an export would do, person by person, and writes nothing
ui-home-tour-run = exports; { $undo } undoes the last export, { $history } shows all of them
ui-home-tour-help = shows the keys for where you are; the mouse works, too
ui-home-empty-demo = No Mailchimp account at hand? Try it all with made-up people: segue demo
ui-home-nameless = a new destination
ui-home-unfinished = … { $name }, unfinished at “{ $step }”. Enter goes on.
ui-home-edited = … { $name }, changes not saved yet. Enter goes on.
ui-home-no-match = No destination matches the filter.
ui-col-last = Last run
ui-col-reason = Reason
ui-col-line = Where

ui-phase-starting = starting
ui-phase-queued = queued
ui-phase-waiting = waiting for the refresh
ui-phase-reading = reading
ui-phase-comparing = comparing
ui-phase-delivering = delivering
ui-pane-of = { $total ->
    [one] { $done } of { $total } profile
   *[other] { $done } of { $total } profiles
}
ui-pane-counts = So far
ui-pane-contacts-so-far = { $done ->
    [one] { $done } contact so far
   *[other] { $done } contacts so far
}
ui-pane-so-far = { $done ->
    [one] { $done } row read so far
   *[other] { $done } rows read so far
}
ui-pane-rate = { $rate }/s
ui-pane-left = { $from } – { $to } left
ui-pane-lanes = calls under way: { $now } of { $limit }
ui-pane-chart = profiles per second
ui-pane-chart-rows = rows per second
ui-pane-chart-contacts = contacts per second
ui-pane-starting = The destination is checked: its logins, its audience, its source. Nothing is written yet.
ui-pane-waiting = Customer Insights is refreshing the segments; reading begins when that is done. Nothing is written yet.
ui-pane-reading = Each profile is read once from the source. Nothing is written to Mailchimp yet.
ui-pane-comparing = The audience is read and compared with the profiles, to find what differs. Nothing is written to Mailchimp yet.
ui-pane-throttled = { $count ->
    [one] Mailchimp asked us to slow down, once
    [2] Mailchimp asked us to slow down, twice
   *[other] Mailchimp asked us to slow down, { $count } times
}
ui-pane-retries = { $count ->
    [one] one call was sent again
   *[other] { $count } calls were sent again
}
ui-pane-stopping = Stopping: calls under way are finished. Press { $key } again to drop them.
ui-pane-dropping = Dropping the calls under way.
ui-pane-ended = Segue: { $name } is exported
ui-trouble-throttled = Mailchimp asked us to slow down: from now on at most { $limit ->
    [one] one call
   *[other] { $limit } calls
} at once
ui-trouble-failed = Mailchimp had an error of its own; trying again, with at most { $limit ->
    [one] one call
   *[other] { $limit } calls
} at once
ui-trouble-no-answer = Mailchimp did not answer in time; trying again, with at most { $limit ->
    [one] one call
   *[other] { $limit } calls
} at once
ui-trouble-no-connection = There is no connection to Mailchimp; trying again, with at most { $limit ->
    [one] one call
   *[other] { $limit } calls
} at once
ui-told-rejected = { $count ->
    [one] one profile was rejected
   *[other] { $count } profiles were rejected
}
ui-told-counts-differ = contacts read: { $read }, counted by Mailchimp: { $counted }; addresses looked up one by one: { $lookups }
ui-told-unclear = Mailchimp says first that a contact exists, then that it does not: { $said }
ui-told-repeated = { $count ->
    [one] { $count } row left out: its ID was in the same file before
   *[other] { $count } rows left out: their IDs were in the same file before
}

ui-sum-profiles = { $count ->
    [one] profile
   *[other] profiles
}
ui-sum-created = { $count ->
   *[other] created
}
ui-sum-updated = { $count ->
   *[other] updated
}
ui-sum-unchanged = { $count ->
   *[other] unchanged
}
ui-sum-suppressed = { $count ->
   *[other] suppressed
}
ui-sum-rejected = { $count ->
   *[other] rejected
}
ui-sum-merged = { $count ->
   *[other] merged
}
ui-sum-remaining = remaining
ui-sum-holds = Every profile is accounted for.
ui-sum-broken = The numbers do not add up: please report this.
ui-report-stopped = Run it again to go on.
ui-report-none = This destination has not been run yet. Press Esc, then { $key } to run it.
ui-report-rejects = Rejects
ui-report-count = { $count ->
    [one] { $count } reject
   *[other] { $count } rejects
}
ui-report-left-out = { $count ->
    [one] { $count } value left out
   *[other] { $count } values left out
}
ui-report-none-raised = { $count ->
    [0] Nobody who had said no to mail was subscribed again.
    [one] One person was left alone, because of a no to mail, mail that bounced or consent that is lacking; nobody was subscribed again.
   *[other] { $count } people were left alone, because of a no to mail, mail that bounced or consent that is lacking; nobody was subscribed again.
}
ui-report-raised = { $count ->
    [one] One contact has a higher status than it had before: look at it in Mailchimp, and please report this.
   *[other] { $count } contacts have a higher status than they had before: look at them in Mailchimp, and please report this.
}
ui-next-rejects = { $count ->
    [one] look at the one reject, and what to do about it
   *[other] look at the { $count } rejects, and what to do about each
}
ui-next-again = once they are corrected in the source: send the rejects again
ui-next-undo = undo this run
ui-next-edit = change the destination: its login, audience, source or rules
ui-report-saved = Rejects, with reason and advice, are saved in:
ui-report-advice = What to do about each
ui-report-no-rejects = No rejects.

ui-ask-remove = Remove the destination { $name }?
ui-ask-remove-more = Its rejects, and what Segue remembers of it, go too. What Mailchimp has already received stays there.
ui-ask-remove-login = { $count ->
    [one] The login { $logins } and its secret go too, since nothing else uses them.
   *[other] The logins { $logins } and their secrets go too, since nothing else uses them.
}
ui-ask-stop-and-remove = An export to { $name } is running. Stop it, and remove the destination?
ui-ask-drop = Throw away the unfinished destination?
ui-ask-drop-changes = Throw away the changes to { $name } that are not saved?
ui-ask-export = Save, and export now?
ui-ask-leave = Kept as a draft, to go on with later. Leave?
ui-ask-leave-more = Enter or Esc leaves, s stays, d throws away what you answered.
ui-ask-quit = An export is running. Stop it and leave?
ui-ask-quit-more = What was delivered stays; run it again to go on.
ui-leaving = Stopping. Segue ends when the export has written its report.
ui-leaving-more = Calls under way are finished first. Press { $key } to drop them.

ui-key-line = new line
ui-col-query = Query
ui-col-label = Label
ui-col-columns = Columns
ui-source-sql = SQL engine (ADBC)
ui-sql-saved = Ask the SQL engine { $login } ({ $engine })
ui-sql-connected = Connected to the SQL engine { $login } ({ $engine })
ui-sql-connect-lead = How is the engine reached?
ui-sql-connect-hint = By an ADBC driver: the path of its library (Tab completes it), or a name that a manifest stands for. A setting is written like uri=postgresql://reader@db.example/crm.
ui-sql-secret-hint = Enter in a setting connects. Secrets are kept in the keyring: the settings that are called so here, and any that look like one.
ui-sql-name = Name
ui-sql-driver = Driver
ui-sql-setting = Setting
ui-sql-secret = Secret
ui-sql-setting-form = Write a setting as NAME=VALUE.
ui-sql-connecting = Connecting to the engine …
ui-sql-asking = Asking the engine …
ui-sql-queries-of = Queries for the SQL engine { $login } ({ $engine })
ui-sql-queries-hint = Each file NAME.sql in a folder is a segment, its first comment line the label. IDs are found by their column’s name, unless you name it. Enter on a query opens it.
ui-sql-write = Write or paste a query
ui-sql-write-lead = A query becomes a segment
ui-sql-write-hint = SELECT id, email, … FROM …; a first line “-- Gold customers” is its label.
ui-sql-query-name = Name
ui-sql-query-name-form = Name it with letters, digits, - or _; that becomes the name of its file.
ui-sql-no-text = Write the query first.
ui-sql-try-hint = Tab goes to its name; Enter there tries it and shows the first rows.
ui-sql-trying = Trying the query …
ui-sql-rows = { $count ->
    [one] It only reads, and gives { $count } row
   *[other] It only reads, and gives { $count } rows
}
ui-sql-reads = It only reads; the engine does not count its rows
ui-sql-keep-hint = Enter keeps it as { $file }
ui-sql-over-hint = Enter writes it over { $file }
