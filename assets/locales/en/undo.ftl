# Undoing a run.

run-undoing = { $total ->
    [one] Undoing: { $done } of { $total } contact is done
   *[other] Undoing: { $done } of { $total } contacts are done
}{ $more ->
    [none] {""}
   *[some] , { $time }
}{ $left ->
    [0] {""}
   *[other] {"; "}{ $left } left as they are
}

undo-question = Undo the run { $run } of { $time }?
undo-goes-on = { $count ->
    [one] An undo of this run ended early and goes on; { $count } contact is done already.
   *[other] An undo of this run ended early and goes on; { $count } contacts are done already.
}
undo-archive = { $count ->
    [one] One contact that the run created is archived.
   *[other] { $count } contacts that the run created are archived.
}
undo-restore = { $count ->
    [one] One contact gets back the values and tags that the run changed.
   *[other] { $count } contacts get back the values and tags that the run changed.
}
undo-nothing = There is no contact left to undo.
undo-calls = { $calls ->
    [one] { $calls } call to Mailchimp, about { $time }.
   *[other] { $calls } calls to Mailchimp, about { $time }.
}
undo-changed = Each contact is read first: whoever has changed since the run is left as is, and listed. Nobody is subscribed by this.
undo-in-doubt = { $count ->
    [one] The run was cut off with one contact on its way. That one is looked up first, and taken back if the run got to it.
   *[other] The run was cut off with { $count } contacts on their way. They are looked up first, and taken back if the run got to them.
}
undo-damaged = Some of what this run wrote down is damaged: the contacts that stood there are not known any more and stay as they are.
undo-lost = { $count ->
    [one] One contact that the run changed stays as it is: what it held before is not known any more. That is kept for 7 days.
   *[other] { $count } contacts that the run changed stay as they are: what they held before is not known any more. That is kept for 7 days.
}
undo-addresses = { $count ->
    [one] One contact keeps the address that the run filled in: Mailchimp cannot make it empty again.
   *[other] { $count } contacts keep the address that the run filled in: Mailchimp cannot make it empty again.
}
undo-campaigns = { $count ->
    [one] A campaign was sent to the audience since then, which cannot be undone: { $titles }
   *[other] { $count } campaigns were sent to the audience since then, which cannot be undone: { $titles }
}
undo-comes-back-by-itself = { $count ->
    [one] { $names } exports to this audience by itself: whoever is in its segments comes back with its next run, unless you switch it off first (segue schedule --off).
   *[other] { $names } export to this audience by themselves: whoever is in their segments comes back with their next runs, unless you switch them off first (segue schedule --off).
}
undo-comes-back = { $count ->
    [one] { $names } exports to this audience too: whoever is in its segments comes back with its next run.
   *[other] { $names } export to this audience too: whoever is in their segments comes back with their next runs.
}
undo-left = { $count ->
    [one] One contact is not as the run left it, or is gone, and stays as it is. It is listed in { $path }
   *[other] { $count } contacts are not as the run left them, or are gone, and stay as they are. They are listed in { $path }
}
undo-again = Not everything is undone yet. To go on: segue undo "{ $name }" { $run }

error-undo-nothing-written = { $destination } has no run to undo.
    .why = None of its runs that Segue knows of wrote to the audience.
    .run = segue history { $word }
error-undo-unknown-run = { $destination } has no run { $run }.
    .why = A run is named by its start, as in the path of its report. Without a name the latest one is undone.
    .run = segue history { $word }
error-undo-is-undo = The run { $run } is itself an undo, of { $undoes }.
    .why = An undo cannot itself be undone.
    .next = Export again instead: whom the undo archived counts as new, and is put back.
error-undo-wrote-nothing = The run { $run } changed nothing in the audience.
    .why = No call of it wrote anything, so there is nothing to undo.
    .next = Name another run, or none to undo the latest one that wrote.
error-undo-undone = The run { $run } is undone already, by { $by }.
    .why = A run can be undone only once.
    .next = To have its contacts in the audience again, export again.
error-undo-undone-before = The run { $run } is undone already, by { $by }.
    .why = A run can be undone only once. The run before it was { $before }.
    .next = To have its contacts in the audience again, export again.
    .run = segue undo { $word } { $before }
error-undo-later = The run { $run } is not the latest one to its audience, so it cannot be undone yet.
    .why = { $destination } wrote to the same audience later, in { $later }. Runs are undone from the latest backwards: otherwise what the later one wrote would be lost, or be taken for somebody else's change.
    .run = segue undo { $word } { $later }
error-undo-no-journal = What the run { $run } wrote is not known any more.
    .why = Its journal is gone or damaged, and without it Segue cannot tell whom the run created or changed.
    .next = Look in Mailchimp under { -menu-contacts }, sorted by the date added, for what it brought.
error-undo-no-images = What the contacts held before the run { $run } is not known any more.
    .why = The run created nobody, and only changed contacts. What these held before is kept for 7 days, since it is people's data.
    .next = Set right in the source what was wrong, and export again.

ui-phase-undoing = undoing
ui-key-undo = undo
ui-ask-undo = Undo the last run of { $name }?
ui-ask-undo-looking = Looking at what it would take …
ui-pane-of-contacts = { $total ->
    [one] { $done } of { $total } contact
   *[other] { $done } of { $total } contacts
}
ui-sum-contacts = { $count ->
    [one] contact
   *[other] contacts
}
ui-sum-archived = { $count ->
   *[other] archived
}
ui-sum-restored = { $count ->
   *[other] restored
}
ui-sum-left = { $count ->
    [one] left as it is
   *[other] left as they are
}
ui-report-undo = Undone: the run { $run }
ui-report-undo-stopped = Press { $key } again to go on.
ui-report-undone-by = This run was undone by { $run }.
ui-outcome-undone = undone
ui-pane-undo-ended = Segue: the run of { $name } is undone
ui-key-did = what changed
ui-did-title = What the run changed
ui-next-did = see what this run changed, contact by contact
