# What an export run tells of itself.

run-find-segments = In Mailchimp you find your segments as tags under { -menu-tags }: { $link }
run-asked-to-wait = { $who ->
        [mailchimp] Mailchimp asks us to wait { $time }
        [dataverse] Dataverse asks us to wait { $time }
       *[insights] Customer Insights asks us to wait { $time }
    }
run-queued = Queued: { $holder } is using the Mailchimp account; waiting for it to end …
run-waiting = Customer Insights is refreshing; waiting for it to end …
run-reading = { $done ->
    [0] Reading the profiles …
   *[other] Reading the profiles: { $done } so far …
}
run-comparing = { $total ->
    [0] Reading who is in the audience …
    [one] Comparing with the audience: { $done } of { $total } contact …
   *[other] Comparing with the audience: { $done } of { $total } contacts …
}
run-delivering = { $total ->
    [one] Sending to Mailchimp: { $done } of { $total } profile is done
   *[other] Sending to Mailchimp: { $done } of { $total } profiles are done
}{ $more ->
    [none] {""}
   *[some] , { $time }
}{ $suppressed ->
    [0] {""}
   *[other] {"; "}{ $suppressed } suppressed
}{ $rejected ->
    [0] {""}
   *[other] , { $rejected } rejected
}
run-reason = { $reason }: { $count }
reasons-suppressed = Suppressed, by reason:
reasons-rejected = Rejected, by reason:
reasons-either = Suppressed or rejected, by reason:
run-limited = { $count ->
    [one] This run was limited: only one profile was asked for. The next full run exports the others too.
   *[other] This run was limited: only { $count } profiles were asked for. The next full run exports the others too.
}
run-not-mailable = { $count ->
    [one] One is in the audience but gets no marketing mail (transactional).
   *[other] { $count } are in the audience but get no marketing mail (transactional).
}
run-see-rejects = What to do about the rejects: { $line }
run-tags = Tags: { $tags }
run-head = { $destination }
run-failed-for = { $destination } (login { $login }): { $what }
run-nothing-saved = There is no saved destination to run.
run-resumed = The run { $run } had ended early. Segue first found out what it had sent, and sent none of it twice.
change-created = created
change-reinstated = put back
change-updated = updated
change-untagged = untagged
change-suppressed = suppressed
change-rejected = rejected
change-unchanged = unchanged
changed-created = created
changed-reinstated = put back
changed-updated = updated
changed-untagged = untagged
changed-suppressed = suppressed
changed-rejected = rejected
changed-unchanged = unchanged
change-nameless = address not known
change-key = Mailchimp's key { $key }
change-in-mailchimp = changed in Mailchimp
check-forecast = A run would make { $calls ->
        [one] one call
       *[other] { $calls } calls
    } to Mailchimp and take { $time }.
run-nothing-scheduled = No destination has a schedule.
check-totals = { $profiles ->
    [one] Of { $profiles } profile, an export would create { $created } and update { $updated }. Unchanged: { $unchanged }, suppressed: { $suppressed }, rejected: { $rejected }, merged: { $merged }.
   *[other] Of { $profiles } profiles, an export would create { $created } and update { $updated }. Unchanged: { $unchanged }, suppressed: { $suppressed }, rejected: { $rejected }, merged: { $merged }.
}
