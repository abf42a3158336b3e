# The application's list of destinations, and what is begun from it.

home-source = Source
home-source-folder = Folder
home-source-dataverse = Dataverse
home-source-insights = Insights API
home-source-sql = SQL
home-status = Status
home-refreshed = Last run
home-updated = Updated
home-rejected = { $count } rejected
home-title = Destinations
home-count = { $count ->
    [one] { $count } destination
   *[other] { $count } destinations
}
home-listed = { $listed } of { $count ->
    [one] { $count } destination
   *[other] { $count } destinations
}
home-chosen = { $chosen } chosen

ui-key-sort = sort
ui-key-reverse = reverse the order

ask-run-all = { $count ->
    [one] Run { $count } destination?
   *[other] Run { $count } destinations?
}
ask-run-all-fresh = { $count ->
    [one] Run { $count } destination, reading everything again?
   *[other] Run { $count } destinations, reading everything again?
}
ask-run-all-more = Each Mailchimp account takes one export at a time.

pane-queued = Queued: each Mailchimp account takes one export at a time. { $name } comes first.
pane-held = Queued: each Mailchimp account takes one export at a time. { $holder } is under way in another program; this one begins when that has ended.

key-view = view
key-rename = rename
key-duplicate = duplicate
key-detach = detach login

about-title = Destination
about-not-connected = There is no connection to Mailchimp: this destination does not run. Edit it (e) and sign in, or choose a saved login.

ask-rename = A new name for { $name }
ask-duplicate = Duplicate { $name }
ask-duplicate-more = The copy exports the same segments to the same audience until you edit it. Nothing is run.
ask-duplicate-agree = By pressing Enter you agree for the copy too: its data leaves the compliance boundary of Customer Insights.
ask-new-name = Name
ask-detach = Detach the login { $login } from { $name }?
ask-detach-more = The destination stays, and does not run until it has a login again. The login stays too.

key-logins = logins
logins-title = Logins
logins-none = No login is saved yet. The wizard makes one: n on the list of destinations.
logins-lent = from SEGUE_MAILCHIMP_TOKEN
logins-lent-more = It comes from the environment, not from the keyring, and is there for as long as the variable is set.
logins-anew = To sign in again: { $command }
logins-anew-mailchimp = To sign in again: { $command } (with --api-key-stdin, where an API key is used)
logins-used-by = Used by
logins-last-used = Last used
logins-mailchimp = Mailchimp
logins-insights = Customer Insights
logins-sql = SQL
logins-in-use-now = An export to { $name } uses { $login } just now. Stop it first, or wait for it to end.
ask-logout = Remove { $login }, with its secret? No destination uses it.
home-rejected-again = { $count } of { $profiles } rejected again
home-sent-again = rejects sent again
