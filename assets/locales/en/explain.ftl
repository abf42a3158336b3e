# Failures as what happened, why, and what to do next.

explain-error = error
explain-next = next
explain-run = run

bad-name-what = That name cannot be used.
bad-name-empty = A name needs at least one character that is not a blank.
bad-name-too-long = A name can have at most 100 characters.
bad-name-control = The name holds a control character, such as a line break or an escape code.
bad-name-next = Choose a name of 1 to 100 ordinary characters.

bad-email-empty-what = The email address is missing.
bad-email-empty-why = There is nothing but blanks where the address should be.
bad-email-invalid-what = That is not an email address.
bad-email-invalid-why = An address looks like name@example.com, with a dot after the @ and at most 254 characters.
bad-email-next = Enter an address such as name@example.com.

gaps-what = { $count ->
    [one] The destination is not complete: one answer is missing.
   *[other] The destination is not complete: { $count } answers are missing.
}

gap-name = The destination has no usable name.
    .why = A name tells your destinations apart and has 1 to 100 characters.
    .next = Add --name NAME.
gap-agreement = You have not agreed that the data leaves Customer Insights.
    .next = Read the text above and, if it says what you want (“{ consent-agree }”), add --accept-privacy.
gap-login = The destination has no login.
    .why = Segue has to sign in to Mailchimp to reach the audience.
    .run = segue login mailchimp --help
    .next = Sign in to Mailchimp, then add --login LOGIN.
gap-audience = The destination has no valid audience ID.
    .why = The audience ID tells which audience in Mailchimp receives the profiles.
    .next = Add --audience ID; in Mailchimp you find it under { -menu-audience-id }.
gap-source = The destination has no source.
    .why = Segue has to know where to read the profiles.
    .next = Add --source folder:PATH, dataverse:URL or insights:INSTANCE-ID.
gap-source-login = The destination has no login for its source.
    .why = Customer Insights gives profiles only to an export user who is signed in.
    .next = Run segue login insights, then add --source-login LOGIN.
gap-email = No attribute is mapped to the email address.
    .why = Mailchimp knows people by their email address.
    .next = Add --map email=ATTRIBUTE.
gap-segments = No segment is chosen.
    .why = Only profiles in chosen segments are exported.
    .next = Add --segment SEGMENT, once for each segment, or --all-segments.
gap-tag = The tag of the segment “{ $segment }” has no name.
    .why = Members of a segment are known in Mailchimp by its tag.
    .next = Name it with --tag { $word }=TAG.
gap-same-tag = Two segments would get the same tag “{ $tag }”.
    .why = Mailchimp tells tags apart neither by case nor by blanks, so it could not be seen who is in which segment.
    .next = Give one of them another tag with --tag SEGMENT=TAG.
gap-removed-tag = People may have the tag “{ $tag }”, which the destination no longer gives.
    .why = Whether the next run removes it from all of them, or it stays, is your decision.
    .next = Add --removed-tags with untag or keep.
gap-status = The status of new contacts is not chosen.
    .why = Whether new people may be mailed is your decision; Segue does not assume it.
    .next = Add --status-if-new with subscribed, pending or transactional.
gap-max-profiles = The limit is zero profiles.
    .why = With that limit nothing could ever be exported.
    .next = Add --max-profiles N with at least 1, or leave it out.
