# Tables to scroll in, and what is told of what was just done.

key-write = write file
ui-col-detail = Value
rejects-all = All
table-write-to = Write to
table-write-over = A file with this name exists already. Enter overwrites it; or type another name.
notice-copied = ✓ Copied: { $text }
notice-written = ✓ { $rows ->
    [one] { $rows } row written to { $path }
   *[other] { $rows } rows written to { $path }
}
notice-first-line = ! Several lines were pasted into a field of one line: the first one was kept.
notice-yes-or-no = Press { $yes } for yes or { $no } for no.
notice-copied-id = ✓ There is no address. Copied the profile ID: { $text }
notice-copied-key = ✓ The address is not known. Copied Mailchimp’s key: { $text }
