# Why a profile was not written (a short phrase), and what can be done about it (one sentence).

class-permanent = cannot be delivered
class-mapping = can be mended
class-later = may work later

reason-unsubscribed = unsubscribed
reason-cleaned = mail to the address bounced
reason-archived = archived in the audience
reason-awaiting-confirmation = has not confirmed yet
reason-forgotten = deleted for good
reason-compliance = kept from subscribing by Mailchimp
reason-fake = held for a fake address
reason-no-consent = no consent
reason-unclear = Mailchimp contradicts itself
reason-changed-address-of-no = said no under an earlier address
reason-no-email = no email address
reason-invalid-email = not a valid email address
reason-short-row = row too short
reason-row-too-long = row too long
reason-no-profile = no such profile
reason-invalid-value = value does not fit its merge field
reason-missing-required = required merge field is empty
reason-merge-invalid = merge field refused by Mailchimp
reason-too-many-signups = too many recent signups
reason-refused = refused by Mailchimp

advice-unsubscribed = Leave this person alone; only they can subscribe again, through a signup form.
advice-cleaned = Ask the person for a working address and correct it in the source.
advice-archived = If the person should get mail again, restore the contact in Mailchimp.
advice-awaiting-confirmation = Wait until the person clicks the link in the confirmation mail.
advice-forgotten = The contact was permanently deleted and can come back only through a signup form.
advice-compliance = The person unsubscribed, bounced or is under review; they have to sign up themselves through a form.
advice-fake = Check the address; if it is real, ask the person to sign up through a form.
advice-no-consent = Nothing to do unless the person agrees; then correct the consent attribute in the source.
advice-unclear = Mailchimp says both that this contact exists and that it does not; look for the address in the audience.
advice-changed-address-of-no = This person's earlier address said no in Mailchimp. Add them there by hand if they have agreed since.
advice-no-email = Add an email address to the profile in the source.
advice-invalid-email = Correct the email address in the source.
advice-short-row = Fill in the missing columns of the row, or export the file again.
advice-row-too-long = Put quotes around values that hold the delimiter, or export the file again.
advice-no-profile = Add the profile to the profiles file, or take its id out of the segment.
advice-invalid-value = Correct the value in the source, or map another attribute to the merge field.
advice-missing-required = Fill in the value in the source, or make the merge field optional in Mailchimp.
advice-merge-invalid = Correct the value that Mailchimp names, or map another attribute to the merge field.
advice-too-many-signups = Run the export again in a day or so.
advice-refused = Read what Mailchimp answered, correct the profile and run the export again.
