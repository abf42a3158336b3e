# What goes wrong with the files that Segue keeps, and steps that several failures share.

# In this order: with its last destination, remove also drops the login.
step-save-again = change it in the application, or with segue edit { $saved } and the flag (segue edit --help); nothing else of it changes.
step-report-bug = Run again with -v. If it happens again, report it, with the end of logs/segue.log; no email address is in there.

error-list-more = { $shown } and { $count } more

error-store-no-home = Segue does not know where to keep its files.
    .why = The environment names no home folder, as is usual in cron or a container.
    .next = Name a folder with --home DIR, or set SEGUE_HOME or HOME.
error-store-read = Segue could not read its file { $path }.
    .why = The system says: { $cause }
    .next = Give your user the right to read the file, or use another folder with --home DIR.
error-store-write = Segue could not write its file { $path }.
    .why = The system says: { $cause }
    .next = Make room on the disk, or give your user the right to write there; then run again.
    .next2 = Or use another folder with --home DIR.
error-store-damaged = { $path } does not hold what it should.
    .why = { $cause }
    .next = If you edited the file, undo or correct the change.
    .next2 = Otherwise move it away: a destination is saved again with segue add, a login with segue login.
error-store-damaged-own = { $path } is damaged.
    .why = { $cause }
    .next = Run the export again: what Segue keeps for itself it makes anew, and reads the audience instead.
    .next2 = If it happens again, move the file away and have the disk looked at.
error-store-newer = A newer Segue has written { $path }.
    .why = It is of version { $cause }, which this one does not know. Nothing was changed.
    .next = Install the newer Segue again, or use another folder with --home DIR.
error-store-encode = Segue could not write a value in the format of its file.
    .why = This is a bug in Segue: { $cause }
    .next = { step-report-bug }
error-store-exists = The name “{ $name }” is taken already.
    .why = Names are compared without regard to upper and lower case.
    .next = Choose another name.
    .run = segue list
    .run2 = segue logins
error-store-no-erased-key = The key to the list of erased people is not the one that belongs to it: { $key }
    .why = Without it Segue cannot tell who was erased with segue erase, and might send them again. So nothing is sent.
    .next = Put the file back from a backup.
    .next2 = If it is gone for good: move { $list } away, and erase each of those people again with segue erase before the next run.
error-store-twice = { $path } and { $cause } are the same destination.
    .why = They have the same name or the same ID, as after copying a file. Neither is used, since their runs could not be told apart.
    .next = Give the copy another name in its line “name”, and take its line “id” out; or move one of the files away.
error-store-database = Segue could not use its database { $path }.
    .why = The database says: { $cause }
    .next = Check that the disk has room and works, and that your user may write there; then run again.
    .next2 = If the file is damaged, move it away. All that is lost is who was refused for good (Mailchimp refuses them again), and which contacts created again by mistake still have to be archived; which tags are Segue's own is kept in another file.

# What the system says, within a sentence.
system-not-found = there is no such file or folder
system-denied = access is denied
system-exists = it exists already
system-full = there is no room left
system-read-only = that place can be read but not written
system-folder = it is a folder
system-no-folder = a part of the path is no folder
system-in-use = the address is in use already
system-refused = the connection was refused
system-broke-off = the connection broke off
system-late = it took too long
