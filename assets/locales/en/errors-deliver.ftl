# What goes wrong with calls to Mailchimp.

# What was being done; stands after “could not”.
doing-read-account = read the account
doing-read-clock = read Mailchimp's clock
doing-list-audiences = list the audiences
doing-read-audience = read the audience
doing-read-merge-fields = read the merge fields
doing-create-merge-field = create a merge field
doing-read-tags = read the tags
doing-count-contacts = count the contacts
doing-read-contacts = read the contacts
doing-read-contact = read a contact
doing-read-contact-tags = read the tags of a contact
doing-archive-contact = archive a contact
doing-read-tag-members = read who has a tag
doing-untag-contacts = take a tag away
doing-put-contact-back = put a contact back
doing-restore-values = restore the values of a contact
doing-restore-tags = restore the tags of a contact
doing-deliver-batch = deliver a batch
doing-create-members = add members
doing-update-members = update members

error-http-build = Segue could not set up encrypted connections.
    .why = The system says: { $cause }
    .next = Check the certificates of the operating system (on Linux the package ca-certificates) and the proxy (HTTPS_PROXY).

error-endpoint-no-url = “{ $address }” is not a web address.
    .why = A service is reached at an address such as https://us1.api.mailchimp.com/3.0.
    .next = Check the spelling: an address begins with https:// and the name of a host.
error-endpoint-plain = “{ $address }” is not encrypted.
    .why = A password or token could be read on the way; plain http is for this computer only (127.0.0.1).
    .next = Use an address that begins with https.

error-endpoint-user-info = The address of “{ $address }” contains a user name or a password.
    .why = It would stand where one expects a host, and could pass for another address.
    .next = Leave out what stands before the @.


error-deliver-sign-in = Mailchimp does not accept the login.
    .why = { $cause }
    .next = It was revoked, or the account is closed: sign in again under the same name (--as LOGIN), then run again.
    .run = segue logins
    .run2 = segue login mailchimp --help
    .next2 = If SEGUE_MAILCHIMP_TOKEN is set, it is used instead of the keyring: correct or remove it.
error-deliver-refused = Mailchimp refused to { $doing } (HTTP { $status }).
    .why = { $cause }
    .next = Correct in Mailchimp what it complains about, such as the rights of your user or the limits of your plan; then run again.
error-deliver-not-found = Segue could not { $doing }: Mailchimp does not have it.
    .why = The audience was deleted, its ID is wrong, or it belongs to another account than the login.
    .next = Compare the audience ID with the one in Mailchimp ({ -menu-audience-id }), and the login with its account.
    .run = segue logins
error-deliver-unreachable = Segue could not { $doing }.
    .why = { $tries ->
        [one] It was tried once. { $cause }
       *[other] It was tried { $tries } times. { $cause }
    }
    .next = Run again in a few minutes; what was delivered already is not sent twice.
    .next2 = Check the network connection and the proxy (HTTPS_PROXY); https://status.mailchimp.com shows outages.
error-deliver-unseen = Segue cannot tell whether it could { $doing }: no answer came.
    .why = Mailchimp may have done it or not, so it was not simply repeated.
    .next = Run again; Segue then reads from the audience what became of it.
error-deliver-too-much = Segue could not { $doing }: too much for one call.
    .why = Mailchimp, or a gateway before it, refused the size of the call or did not answer it in time, even when it was made smaller.
    .next = Run again in a few minutes; if this continues, a proxy may be limiting the size of calls.
error-deliver-unreadable = Segue could not { $doing }: the answer was not one of Mailchimp's.
    .why = { $cause }
    .next = Run again in a few minutes; if this continues, a proxy may be changing the answers.
    .next2 = { step-report-bug }
error-deliver-status-changed = An update changed a contact's status from “{ $before }” to “{ $after }”, so the run was stopped.
    .why = Updates must never change a status. Segue tries at most ten contacts first; nothing more was sent.
    .next = Look in Mailchimp for an automation or another program that changes statuses, and at the ten newest changes in the audience.
    .next2 = See what a run would do with segue check { $saved } before you run again.
error-deliver-many-recreated = { $count } people who had been deleted or archived meanwhile were created again by the run, so it was stopped.
    .why = Each of them was archived again. So many do not leave by chance while a run goes on: somebody else is changing the audience.
    .next = Let the other program, or the colleague who is archiving, finish first. Then run again.
error-deliver-stopped = The run was stopped.
    .why = You asked for it; what was delivered stays delivered.
    .next = Run again when you want the rest to be delivered.
