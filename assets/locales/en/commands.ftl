# What the commands say beside their data.

command-unknown-destination = No destination is called { $name }.
command-empty-input = { $flag } reads from standard input, but nothing came.
command-yes-no = y/N
command-yes-flag = If yes, add { $flag }.
command-answer-flag = Answer with { $flag }.
command-yes-no-help = Type y for yes, n for no. Enter alone means no: then nothing is done.
command-yes-or-no = Answer yes or no.
command-nothing-changed = Nothing was changed.
command-sandbox-failed = The sandbox did not start.
command-stopping = Stopping: calls under way are finished first. Once more drops them.
command-warning = warning: { $warning }
command-no-home = There is no folder { $folder } yet, so nothing is saved there. Check --home, or SEGUE_HOME.
command-no-destinations = No destination is saved yet. “segue add --help” says how to make one; “segue demo” shows the whole way.
command-output-lost = The output could not be written to its end.
command-output-lost-next = Make room where the output goes, and run the command again.
command-home-id-put-back = The file home-id was gone or altered; it is as it was again, so that the secrets of your logins are found.
command-home-id-lost = The file home-id is gone, and with it the way to the secrets of your logins in the keyring: sign in again with segue login.
command-config-damaged = warning: the settings in config.toml are not used, and nothing old is removed, until they are corrected: { $why }
command-no-terminal = The terminal application needs a terminal. Without one, use the commands above.

edit-other-audience = { $name } goes to another audience from now on. Those whom it brought to { $before } stay there, with their tags: no run touches them any more.
saved-done = { $name } is saved.
list-name = Destination
list-audience = Audience
list-segments = Segments
list-broken = broken: { $why }
list-last-run = Last run
list-outcome = Outcome
list-never = never

show-agreed = agreed by { $user }, { $time }
show-not-agreed = nobody has agreed yet: no run starts

remove-question = Remove { $name } with its rejects and what Segue remembers of it? Nothing changes in Mailchimp.
remove-with-login = The login { $logins } goes with it, since nothing else uses it (--keep-login keeps it).
remove-done = { $name } is removed; nothing is exported to it any more.
remove-login-gone = The login { $logins } is gone too, with its secret: nothing else used it.
remove-tags-forgotten = Its tags stay in Mailchimp, and Segue no longer knows that they are its own: to export to them again, add the destination with --adopt-tags.
remove-owed = { $count ->
    [one] A contact that an export created again by mistake still has to be archived. Segue remembers that: the next export to audience { $audience } does it.
   *[other] { $count } contacts that an export created again by mistake still have to be archived. Segue remembers that: the next export to audience { $audience } does it.
}

rejects-no-run = This destination has not run yet.
rejects-none = The run had no rejects.
rejects-unknown-run = { $name } has no run { $run }.
rejects-place = Place
rejects-profile = Profile
rejects-email = Email
rejects-class = Next time
rejects-reason = Reason
rejects-detail = Detail
rejects-advice = What to do
rejects-since = Since
rejects-until = Until
rejects-for-good = for good
rejects-nobody-remembered = Nobody is remembered as refused by the audience.
rejects-unnamed = { $count ->
    [one] one person whom neither the source nor kept rejects name
   *[other] { $count } people whom neither the source nor kept rejects name
}
rejects-no-source = The source could not be read, so only the rejects that are still kept tell addresses. { $what }
rejects-forgotten = { $count ->
    [one] One refusal is forgotten: the next run sends that person again, and Mailchimp decides again.
   *[other] { $count } refusals are forgotten: the next run sends these people again, and Mailchimp decides again.
}
rejects-none-known = Nobody of these addresses is remembered as refused.

login-open = Opening your browser to sign in to Mailchimp. If nothing opens, go to:
    { $url }
login-no-browser = No browser could be opened from here. Open the address above on this computer. For one on another computer, stop with Ctrl-C and use --print-url.
login-go-on-later = Open the address in any browser and approve. The browser then shows an address that it cannot load: give that to “segue login mailchimp --complete -”.
login-paste = Paste the address that the browser was sent to, then press Enter and Ctrl-D:
login-register = Register an app in Mailchimp under { -menu-apps }, with the redirect URI { $uri }, and give its client ID and secret. Or use an API key with --api-key-stdin.
login-insights-open = Opening your browser to sign in as the export user at Microsoft. If nothing opens, go to:
    { $url }
login-insights-no-browser = No browser could be opened from here. Open the address above. If the browser is on another computer, paste the address that it cannot load here and press Enter; or stop with Ctrl-C and use --device.
login-insights-code =
    To sign in as the export user, open this page on any device:

        { $url }

    and enter this code, which is valid for { $time }:

        { $code }

    Some organisations block such codes.
login-insights-blocked = If yours does, sign in in the browser of this computer instead: without --device.
login-insights-paste-back =
    Where codes do not work, open this address in a browser on another computer and sign in there. The browser then
    shows an address that it cannot load: paste that here and press Enter.
    { $url }
login-insights-register = Register an app in the Microsoft Entra admin center under App registrations: platform “Mobile and desktop applications”, redirect URI http://localhost, “Allow public client flows” on, API permission “Dynamics CRM” (user_impersonation) for Dataverse or “Dynamics 365 AI for Customer Insights” for the Customer Insights API. Its overview shows the client ID and the tenant ID. Name the environment with --environment, or the instance with --instance.
login-other-account = “{ $login }” is the login of { $had }, but { $now } signed in. Destinations that use it would work with { $now } from now on. Replace it?
login-not-saved = Nothing was saved: “{ $login }” stays the login of { $had }.
login-sql-secret-option = “{ $key }” is, or holds, a secret: it would stand in a list of processes and in a file.
login-sql-secret-option-next = Give it by --secret { $key } --secret-stdin, or set { $variable }. An address with a password in it is a secret as a whole.
login-sql-no-secret-next = Or set { $variable }, which is then used instead of the keyring.
login-sql-secret-lines = The count of lines on standard input is { $given }, but --secret is given for { $wanted }.
login-insights-no-key = A subscription key of the Customer Insights API
login-insights-key = The API needs a subscription key besides the sign-in: copy it from Customer Insights under Permissions → APIs, and give it with --subscription-key-stdin, or in SEGUE_INSIGHTS_SUBSCRIPTION_KEY.
login-done = Signed in to { $account }.
login-none = No login is saved yet. “segue login mailchimp --help” says how to make one.
login-unknown = No login is called { $login }.
login-from-variable = The login { $login } comes from the environment and is saved nowhere: to be rid of it, unset { $variables }.
login-in-use = { $login } is used by { $destinations }. They stay, without a connection, and do not run until you sign in to the same account again as { $login }, or attach another login. Remove it?
login-removed = { $login } is removed, with its secret.
login-column-name = Login
login-column-account = Account
login-column-service = Service
login-column-since = Since
login-column-secret = Secret
login-secret-keyring = keyring
login-page-ok = You are signed in
login-page-ok-text = You can close this page and go back to Segue.
login-page-denied = You did not approve
login-page-denied-text = Nothing was saved. You can close this page and try again in Segue.
login-page-wrong = This answer belongs to another sign-in
login-page-wrong-text = It was not used. Go back to Segue and open the address shown there.

add-bad-file = { $path } cannot be read as a destination: { $why }
add-name-taken = A destination called { $name } is saved already.
add-segment-not-ready = warning: the segment “{ $segment }” is { $state }: a run is refused until it is up to date in Customer Insights.
add-segment-left-out = warning: the segment “{ $segment }” is left out: { $state }.
add-no-audience = No login reaches an audience with the ID { $audience }.
add-no-audience-next = In Mailchimp you find the audience ID under { -menu-audience-id }.
add-no-segments = The source has no segments.
add-no-segments-next = Create a segment in Customer Insights and let it be evaluated, or choose another environment or folder.
add-no-fields = The audience has no merge field { $tags }.
add-no-fields-next = Add --create-fields to have them made, or map to fields the audience has.
add-long-tag = A new merge field cannot be called { $tag }: Mailchimp gives its fields tags of at most { $most } characters.
add-long-tag-next = Choose a shorter tag in --map.
add-field-made = Merge field { $tag } is made ({ $kind }).

demo-begins = Demo: made-up people, an imitated Mailchimp, secrets in memory only. Nothing leaves this computer.
demo-name = Demo
demo-ends = The demo is over. Its report and all else that it kept were in a temporary folder, which is gone now.

erase-no-address = What came on standard input is not an email address. Exactly one is needed.
erase-done = The person is erased: the audience has deleted the contact for good, and no file of Segue names them any more.
erase-done-not-there = The person is erased: the audience did not hold the contact, and no file of Segue names them any more.
erase-source = No run sends this person again. The source is not changed: remove the profile there too.
erase-elsewhere = { $name } goes to another audience, which may hold the person too:
erase-begun = { $count ->
    [one] One erasure was not completed: repeat segue erase with the address. Until then no run sends that person.
   *[other] { $count } erasures were not completed: repeat segue erase with the addresses. Until then no run sends those people.
}
login-connected-again = { $count ->
    [one] { $names } is connected again.
   *[other] Connected again: { $names }.
}
login-not-connected = { $name } stays without a connection: it was connected to the account { $had }. To connect it to this one: { $line }
add-mapped-twice = { $field } is filled twice, from { $first } and from { $second }; a merge field takes one attribute.
add-only-for-sql = It is for a source that is asked in SQL, and the source is { $source }.
add-only-for-folder = This is for a folder of files, and the source is { $source }.
add-only-for-service = This is for a source that wants a sign-in, and the source is { $source }.
add-date-order-unmapped = No attribute is mapped to { $field }.
add-date-order-needless = No mapped merge field holds dates, so there is no order to tell.
add-date-order-no-date = { $field } is no merge field of dates, so there is no order to tell.
add-date-order-told = The dates of { $field } tell by themselves that their order is { $found }.
edit-no-removed-tags = Every tag is still given, so there is none whose members it could be about.
list-newer = newer version: install the newer Segue to use it
