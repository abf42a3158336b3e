# What ends a run or keeps a destination from being saved, and what to know before a run.

date-order-mdy = mdy (month, day, year)
date-order-dmy = dmy (day, month, year)
date-order-ymd = ymd (year, month, day)

error-export-busy = The Mailchimp account is busy with another run.
    .why = Calls to an account are limited, so one run has it at a time. Running now: { $holder }
    .next = Try again when that one has ended. An export can wait for it: segue run { $saved } --wait
error-export-watched = Another segue watch looks after the schedules of this home folder already.
    .why = Only one at a time does that: { $holder }
    .next = Leave it to that one, or stop it first.
error-export-interrupted = { $profiles ->
    [one] The run was interrupted after { $done } of { $profiles } profile.
   *[other] The run was interrupted after { $done } of { $profiles } profiles.
}
    .why = The program, or the computer, was ended while it ran. Segue has found out what it had sent, and sends none of it twice.
    .next = Run the destination again: it goes on from what the audience holds now.
error-export-incomplete = “{ $name }” is not complete, so nothing was exported.
    .why = { $what } It is missing, or not as it should be, in the file { $path }: { $keys }
    .run = segue edit { $word } { $flags }
    .next = Or correct the file by hand.
error-export-goes-on = { $name } is being exported, so it stays as it is.
    .why = Nothing was changed. The run that goes on: { $holder }
    .next = Stop that run, or wait for its end; then try again.
error-export-gone = { $name } is not there any more.
    .why = It was removed while this was under way, so nothing was done.
    .run = segue list
error-export-changed = { $name } was changed while its run waited for its turn.
    .why = It has another login, source or audience now, so nothing was sent.
    .next = Run it again.
error-export-other-service = The login was made with another service than the one set now.
    .why = It was made with { $made }, and SEGUE_MAILCHIMP_API_URL now says { $now }. Sandbox and real Mailchimp are never mixed.
    .next = Remove SEGUE_MAILCHIMP_API_URL and SEGUE_MAILCHIMP_LOGIN_URL, or set them as they were when you signed in.
    .next2 = Or use another home folder (--home DIR) for this service, and sign in there.
error-export-other-source = The login was made for another source than the one asked for.
    .why = It was made for { $made }, and now { $now } is asked for. Sandbox and real services are never mixed, and a token is for one service only.
    .run = segue logins
    .next = Choose the login made for this source, or sign in for it under another name with segue login insights.
    .next2 = If SEGUE_ENTRA_AUTHORITY or SEGUE_INSIGHTS_URL is set, set it as it was when you signed in, or remove it.
error-export-no-source-login = The source { $source } needs a login of an export user.
    .why = No login was named, and there is not exactly one to choose from.
    .run = segue logins
    .run2 = segue login insights --help
    .next = Name one of the logins listed with --source-login (of a saved destination: segue edit { $saved } --source-login LOGIN), or sign in first: segue login insights --client-id ID --tenant TENANT { $place }
error-export-no-source-login-named = There is no login “{ $login }” of an export user.
    .why = It was removed, has another name here, or is a login for Mailchimp. The source is { $source }.
    .run = segue logins
    .next = Use one of the logins listed, or sign in under this name: segue login insights --as { $word } --client-id ID --tenant TENANT { $place }
error-export-login-taken = “{ $login }” is already the name of a login for another service ({ $service }).
    .why = Each login has a name of its own, so that no destination loses the one that it uses.
    .next = Take another name with --as.
    .run = segue logins
error-export-other-account = “{ $login }” is the login of { $had }, but { $now } signed in.
    .why = Destinations that use this login would export to another account from now on, or read in another name. Nothing was saved.
    .next = Sign in as { $had }, take another name with --as, or replace the login with --yes.
error-export-not-connected = “{ $destination }” has no connection.
    .why = Its login was removed or detached, so that nothing can reach the audience. All else about it is as it was.
    .run = segue logins
    .run2 = segue edit { $word } --login LOGIN
    .next = Attach one of the logins listed.
error-export-no-engine = There is no login “{ $login }” for an engine that is asked in SQL.
    .why = The source names it: sql:{ $login }
    .run = segue logins
    .next = Make it: segue login sql --as { $word } --driver NAME|PATH --option uri=…
error-export-no-login = There is no login “{ $login }”.
    .why = It was removed, has another name here, or is one for another service.
    .run = segue logins
    .run2 = segue login mailchimp --as { $word } --api-key-stdin
    .next = Use one of the logins listed, or sign in under this name.
error-export-no-env-login = SEGUE_MAILCHIMP_TOKEN is not set, and what is exported uses it instead of a saved login.
    .why = A program has the variables of whoever starts it: cron and services do not read those of your shell.
    .next = Set it where segue is started. For cron, before the command: SEGUE_MAILCHIMP_TOKEN="$(cat ~/.mailchimp-key)" segue watch --once. For systemd: EnvironmentFile=. Only you should be able to read the file (mode 600).
    .next2 = Or sign in, so that the keyring keeps it: segue login mailchimp, then segue edit { $saved } --login LOGIN.
error-export-no-env-source-login = SEGUE_INSIGHTS_REFRESH_TOKEN is not set, and the source { $source } is read with it instead of a saved login.
    .why = A program has the variables of whoever starts it: cron and services do not read those of your shell.
    .next = Set it where segue is started; for systemd: EnvironmentFile=, a file that only you can read (mode 600).
    .next2 = Or sign the export user in: segue login insights --client-id ID --tenant TENANT { $place }
error-export-broken = A part of the run came to an unexpected end.
    .why = This is a bug in Segue: { $cause }
    .next = { step-report-bug }

error-guard-no-agreement = Nobody has agreed to the transfer of this data, so nothing is exported.
    .why = The destination's file holds no recorded “I agree”.
    .next = Read what you agree to, and agree: segue edit { $saved } --accept-privacy
error-guard-max-profiles = There are more profiles than the destination allows: the limit is { $limit }.
    .why = The limit keeps a mistake in a segment from filling the audience. The source was not read further, and nothing was written.
    .next = Check the segments in the source; perhaps one has grown by mistake.
    .next2 = If the number is right, raise the limit: segue edit { $saved } --max-profiles N
error-guard-plan-limit = After the run the account would have more contacts than its Mailchimp plan allows: { $after }, of at most { $limit }.
    .why = Contacts in its audiences now, archived ones not counted: { $now }; to be created: { $created }. Mailchimp bills contacts beyond the plan, or stops sending. Nothing was written.
    .next = Archive contacts in Mailchimp that are no longer needed, or export fewer segments.
    .next2 = If the plan allows more by now, say so by signing in again with --plan-limit N.
    .next3 = To go beyond the plan this time: segue run { $saved } --allow-overage
error-guard-foreign-tags = { $count ->
    [one] A tag of that name is already in the audience and was not made by Segue: { $tags }.
   *[other] { $count } tags of those names are already in the audience and were not made by Segue: { $tags }.
}
    .why = Segue adds and removes only its own tags, so that it never touches what others have sorted. Nothing was written.
    .next = To use these tags for the segments, add --adopt-tags; Segue then also removes them from people who leave the segment.
    .next2 = To keep them apart, give a segment another tag with --tag SEGMENT=TAG.
    .next3 = If the destination is saved, give either flag to segue edit { $saved }.
error-guard-segment-state = { $count ->
    [one] A segment is not up to date in Customer Insights: { $segments }.
   *[other] { $count } segments are not up to date in Customer Insights: { $segments }.
}
    .why = Nobody can say whether the people in it still belong there. Nothing was written.
    .next = Switch the segment on in Customer Insights, or correct what keeps it from being evaluated, and run again after the next refresh.
    .next2 = If the segment is meant to be gone, take it out of the destination: { step-save-again }
error-guard-removals = { $count } of the { $members } members of “{ $tag }” would lose that tag, which is more than allowed.
    .why = A mistake in a segment must not take a tag away from very many people. Nothing was written.
    .next = See whether the segment is as it should be.
    .next2 = If it is, allow it for one run: --max-removals 100.
error-guard-shrunk = { $what }
    .why = A source that was cut off looks like people who left. Nothing was written.
    .next = See whether the source, or its last refresh, is complete.
    .next2 = If it is, go on with --allow-shrink.
error-guard-shrunk-segment = { $what }
    .why = A segment that was deleted or renamed by mistake looks like people who left. Nothing was written.
    .next = Bring the segment back in the source, or take it out of the destination: segue edit { $saved }
    .next2 = To go on without it, run with --allow-shrink: whoever has its tag keeps it.
error-guard-shrunk-halved = { $now ->
    [one] The source holds far less than it did: { $now } profile, and { $before } the last time.
   *[other] The source holds far less than it did: { $now } profiles, and { $before } the last time.
}
error-guard-shrunk-emptied = Nobody is left in { $segments }.
error-guard-shrunk-gone = { $count ->
    [one] The source no longer has the segment “{ $segments }”.
   *[other] The source no longer has { $count } of the segments: { $segments }.
}
error-guard-recreated = Too many people who had left the audience were created again, so the run was stopped.
    .why = Each of them was archived again.
    .next = Let whoever is changing the audience finish first. Then run again.
error-guard-status-changed = An update changed a contact's status, so the run was stopped.
    .why = Updates must never change a status. Segue tries at most ten contacts first; nothing more was sent.
    .next = Look in Mailchimp for an automation or another program that changes statuses.
    .next2 = See what a run would do with segue check { $saved } before you run again.

warning-consent-unused = The attribute “{ $attribute }” looks like consent and is not used.
    .why = Without it, people who did not agree become contacts too.
    .next = Use it with --consent-attribute "{ $attribute }", or with ! before the name if yes means no mail.
    .next2 = If it is not about consent, list it under consent_dismissed in the destination's TOML.
warning-marketing-permissions = The audience asks for marketing permissions (GDPR).
    .why = Contacts added by an export do not have them, and may not be reached by mailings that require them.
    .next = Ask people for their permission through a signup form, or leave them out of mailings that need it.
warning-refreshing = Customer Insights is being refreshed just now.
    .why = Segments may change while they are read; the run then ends and has to begin again.
    .next = Let the run wait for the refresh to end: segue run { $saved } --wait
warning-counts-differ = The source counts different numbers of members than were read: { $segments } (read / counted).
    .why = The source counts when it evaluates a segment, and profiles change between evaluations. Every profile that was read is exported.
    .next = Nothing needs to be done. If the numbers are far apart, run again after the next refresh of the source.
warning-segments-differ = { $count ->
    [one] One profile has other values in a later segment than in its first.
   *[other] { $count } profiles have other values in a later segment than in their first.
}
    .why = A profile takes its values from the first of its segments by name.
    .next = Have the queries give the same columns of the same table. The run goes on without it.
warning-of-moments = The segments may be of different moments.
    .why = The engine has no transaction, so that the queries are answered one after the other, and its data may change between them.
    .next = Nothing needs to be done where data are loaded seldom: let the export follow the loading.
warning-letters-replaced = { $count ->
    [one] A value has a broken character, in { $attributes }: { "\uFFFD" } stands in its place.
   *[other] { $count } values have a broken character, in { $attributes }: { "\uFFFD" } stands in its place.
}
    .why = Most often the source cut a text in the middle of an emoji. The rest of the value is sent as it is.
    .next = Correct the texts in the source. The run goes on all the same.
warning-choices-unknown = { $count ->
    [one] A value is a choice that the source has no label for, in { $attributes }; it is left empty.
   *[other] { $count } values are choices that the source has no label for, in { $attributes }; they are left empty.
}
    .why = The choice was probably removed from the attribute after it had been used. Its number would tell nobody anything.
    .next = Give these profiles one of the choices that there are, or add the choice again. The run goes on all the same.
warning-empty-segments = { $count ->
    [one] No profile is in the segment { $segments } now.
   *[other] No profile is in { $count } of the segments now: { $segments }.
}
    .why = In Dataverse a segment that was deleted or renamed looks the same as an empty one.
    .next = Look at the segment in Customer Insights; if it has another name now, choose it again.
warning-ledger-damaged = Some of what Segue remembered of this audience was damaged, so the audience was read instead.
    .why = What is damaged is never believed. For some contacts Segue no longer knows which tags it gave them: those of them who left a segment keep its tag.
    .next = Nothing needs to be done for this export. If it happens again, have the disk looked at.
warning-ledger-lost = What Segue remembered of this audience was lost, so it began afresh.
    .why = People whom Mailchimp refuses for good are sent once more and refused once more. Who had said no under a former address is known from the runs that are kept. If an earlier export had created contacts again by mistake and still had to archive them, that is forgotten too.
    .next = Look in Mailchimp at the contacts added during the exports before this one, and archive those who do not belong there.
warning-journal-damaged = Some of what an export that ended early had written down was damaged, so the audience was read instead.
    .why = What is damaged is never believed. Whom that part named is not known: those of them who left a segment keep its tag, and that export cannot be undone for them.
    .next = Nothing needs to be done for this export. If it happens again, have the disk looked at.
warning-unsettled = The export { $run } ended early and is not settled yet.
    .why = A check settles nothing; it read the whole audience instead, to see what that export had come to.
    .next = The next export settles it first.
warning-gone-segments = { $count ->
    [one] The source no longer has the segment “{ $segments }”.
   *[other] The source no longer has { $count } of the segments: { $segments }.
}
    .why = Whoever has the tag of such a segment keeps it: nobody can say who would still be in it.
    .next = Bring the segment back in the source, or take it out of the destination: segue edit { $saved }
warning-unread = The source's model lists more than is read: { $parts }.
    .why = People and segments that are only there are left out.
    .next = Give the folder or manifest that holds them, if they are wanted.
warning-rounded = Long numbers were rounded by a spreadsheet in: { $columns }.
    .why = In a form such as 1.2E+14 the last digits are gone: these are no longer usable IDs or telephone numbers.
    .next = Export the file again and do not save it from a spreadsheet, or format the column as text first.
warning-older-export = The export of “{ $table }” that is read is not the newest: { $read }.
    .why = The one of { $time } is not complete; missing or unfinished: { $files }
    .next = Wait for it to finish, or copy its folder again.
warning-shared-field = { $other } fills { $tag } of this audience too, from { $attribute }.
    .why = Whichever of the two runs later overwrites the other's values.
    .next = Map { $tag } from the same attribute in both, or leave it out of one of them.
warning-double-optin = The audience asks new contacts to confirm, and “subscribed” skips that.
    .why = New contacts get mail without having confirmed their address.
    .next = Choose --status-if-new pending so that they are asked, unless they have confirmed elsewhere.
warning-values-left-out = { $count ->
    [one] One value does not fit its merge field and is left out: { $fields }.
   *[other] { $count } values do not fit their merge fields and are left out: { $fields }.
}
    .why = Everything else of these people is delivered; the rejects name each value.
    .next = Correct the values in the source, or map another attribute to the field.
warning-consent-not-understood = { $count ->
    [one] A value of the consent attribute is neither a known yes nor a known no: { $values }.
   *[other] { $count } values of the consent attribute are neither a known yes nor a known no: { $values }.
}
    .why = Whoever has such a value is not created; whoever is a contact already is updated as before, since only a known no prevents that.
    .next = List the values that mean yes: --consent-attribute "ATTRIBUTE=VALUE,VALUE".
warning-ids-apart = { $count ->
    [one] One ID stands for rows with different addresses: the ID column looks wrong.
   *[other] { $count } IDs each stand for rows with different addresses: the ID column looks wrong.
}
    .why = Only the first row of an ID counts, so people are left out.
    .next = Name the column that tells people apart with --id-column.
warning-odd-values = { $count ->
    [one] One value looks like no value at all, or like a number that lost its last digits: { $values }.
   *[other] { $count } values look like no value at all, or like numbers that lost their last digits: { $values }.
}
    .why = In text fields they are sent as they stand.
    .next = Empty such cells in the source, or export it again with the columns as text.
warning-repeated-ids = { $count ->
    [one] One row was left out because its ID was in the same file before ({ $examples }).
   *[other] { $count } rows were left out because their IDs were in the same file before, such as { $examples }.
}
    .why = The first row of an ID counts.
    .next = Remove the repeated rows in the source, or name the right column with --id-column.
warning-few-addresses = Hardly any value of “{ $attribute }” is an email address: { $addresses } of { $values }.
    .why = Profiles without an address are rejected, each time.
    .next = Map another attribute to the email address: --map email=ATTRIBUTE
    .next2 = If it is the right one all the same, add --force.
warning-partial-address = The address field { $tag } is only mapped in part: nothing fills { $parts }.
    .why = Mailchimp takes an address only with street, town, state and postal code, so no address would be sent.
    .next = Map the parts that are missing, such as --map { $tag }.addr1=ATTRIBUTE, or none of it.
warning-address-without-country = Nothing fills the country of the address field { $tag }.
    .why = Mailchimp then decides on one by itself: the default of the field, often the United States.
    .next = Map it too: --map { $tag }.country=ATTRIBUTE
warning-many-segments = { $count } segments are chosen, and each becomes a tag in Mailchimp.
    .why = Tags cannot be taken away again in one go.
    .next = Choose the segments you need with --segment, or allow so many with --max-segments { $typed }.
warning-many-values = The column “{ $column }” makes { $count } segments, and each becomes a tag in Mailchimp.
    .why = So many values are rarely segments, and tags cannot be taken away again in one go.
    .next = Make segments of another column with --segment-by, choose some with --segment, or allow so many with --max-segments { $typed }.
error-export-counts-differ = Contacts read from the audience: { $read }; counted by Mailchimp: { $counted }.
    .why = Changes since the run began do not explain the difference. Someone who said no may be among those not seen, and too many people would be created to look up each of them.
    .next = Run again later.
    .next2 = If you know why the numbers differ, go on with --trust-counts.
warning-audience-counts-differ = { $lookups ->
    [0] Contacts read from the audience: { $read }; counted by Mailchimp: { $counted }. The run goes on because of --trust-counts.
    [one] Contacts read from the audience: { $read }; counted by Mailchimp: { $counted }. The one person who would be created is looked up, which takes one call.
   *[other] Contacts read from the audience: { $read }; counted by Mailchimp: { $counted }. Everyone who would be created is looked up one by one, which takes { $lookups } calls.
}
    .why = Someone who said no may be among those not seen.
    .next = Compare the number of contacts in Mailchimp, archived ones too.
warning-automations = { $count ->
    [one] An automation that new contacts enter is running for this audience: { $titles }.
   *[other] { $count } automations that new contacts enter are running for this audience: { $titles }.
}
    .why = Mailchimp then sends their mails to everyone whom the run creates.
    .next = If that is not intended, pause them in Mailchimp under { -menu-automations } before the run.
warning-journeys-unseen = Whether a customer journey (a newer automation flow) begins for new contacts cannot be seen from here.
    .why = Mailchimp lets no program list them.
    .next = Look in Mailchimp under { -menu-automations } for flows that begin when a contact joins or gets a tag.
warning-would-be-refused = A run would be refused. { $what }

error-unmet = { $count ->
    [one] The mapping does not fit the audience in one place.
   *[other] The mapping does not fit the audience in { $count } places.
}
    .next = If the destination is saved: { step-save-again }
error-unmet-no-email = No attribute is mapped to the email address.
    .why = Mailchimp knows people by their email address.
    .next = Add --map email=ATTRIBUTE.
error-unmet-unknown-field = The audience has no merge field { $tag }.
    .why = It was removed or renamed in Mailchimp, or is spelled differently.
    .next = Have it created with --create-fields, or map the attribute to another field with --map TAG=ATTRIBUTE.
error-unmet-required-field = The audience requires the merge field { $tag }, and nothing is mapped to it.
    .why = Mailchimp refuses members without a value for it.
    .next = Add --map { $tag }=ATTRIBUTE, or make the field optional in Mailchimp.
error-unmet-address-parts = The merge field { $tag } is mapped in the wrong form.
    .why = An address is mapped part by part, every other field as a whole.
    .next = For an address add --map { $tag }.addr1=ATTRIBUTE, and likewise .city, .state and .zip; for any other field --map { $tag }=ATTRIBUTE.
error-unmet-date-order = The order of the dates for the merge field { $tag } is not known.
    .why = 5/8/1986 may be in May or in August; Segue does not guess.
    .next = Add --date-order mdy, dmy or ymd.

error-undecided = { $count ->
    [0] The dates in “{ $attribute }” (for { $tag }) fit no order throughout.
   *[other] The order of the dates in “{ $attribute }” (for { $tag }) is not clear.
}
    .why = { $count ->
        [0] Some look like month first and others like day first; whatever is chosen, some do not fit it and are left out.
       *[other] All of them can be read in more than one way: { $orders }. Segue does not guess.
    }
    .next = Look at the dates in the source and add --date-order mdy, dmy or ymd, in a way that fits them.
error-undecided-many = The order of the dates is not clear in { $count ->
    [one] one attribute.
   *[other] { $count } attributes.
}

bad-consent-ambiguous = The consent attribute “{ $rule }” can be read two ways.
    .why = The values could be those of people who agreed, or of people who did not.
    .next = List the values that let a person be mailed, without "!": --consent-attribute "{ $attribute }=VALUE,VALUE"; or leave out the values: --consent-attribute "{ $plain }".
bad-consent-no-attribute = “{ $text }” names no attribute.
    .why = The consent attribute tells who agreed to get mail.
    .next = Write --consent-attribute ATTRIBUTE, "!ATTRIBUTE" for one that says the opposite, or ATTRIBUTE=VALUE,VALUE.
