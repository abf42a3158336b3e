# Formats and labels that more than one command uses.

date-pattern = %-d %b %Y
date-time-pattern = %-d %b %Y, %H:%M
duration-hours = { $hours } h { $minutes } min
duration-minutes = { $minutes } min { $seconds } s
duration-seconds = { $seconds } s
duration-under-second = less than a second
duration-about = about { $time }
duration-between = between { $least } and { $most }
percent = { $value }%

label-display-name = Display name
label-privacy = Data privacy and compliance
label-audience-id = Audience ID
label-login = Login
no-connection = no connection
label-service = Service
label-source = Source
label-source-login = Export user
label-files = Files
label-data-matching = Data matching
label-segments = Segments
label-status-if-new = Status of new contacts
label-consent-attribute = Consent attribute
label-consent-dismissed = Not about consent
label-removed-tags = Tags no longer given
label-on-leave = When a profile leaves a segment
label-adopt-tags = Use tags that exist already
label-clear-empty = Empty values clear the merge field
label-max-profiles = Limit of profiles
label-created = Created

target-email = Email
target-first-name = First name
target-last-name = Last name
target-language = Language
target-address = Address
address-street = Street
address-second = Street, second line
address-city = City
address-state = State
address-zip = Postal code
address-country = Country

status-subscribed = subscribed
status-unsubscribed = unsubscribed
status-cleaned = cleaned (mail bounced)
status-pending = pending (asked to confirm)
status-transactional = transactional (no marketing mail)
status-archived = archived

removed-tag-asked = not decided
removed-tag-untag = removed in the next run
removed-tag-keep = kept
on-leave-untag = its tag is removed
on-leave-keep = its tag is kept

segment-ready = ready
segment-gone = gone from the source
segment-draft = draft
segment-inactive = switched off
segment-stale = outdated
segment-running = being refreshed

yes = yes
no = no

files-segment-by = segments by
files-id-column = IDs in
files-delimiter = cells separated by
files-queries = queries in
