# Format och etiketter som flera kommandon använder.

date-pattern = %Y-%m-%d
date-time-pattern = %Y-%m-%d %H:%M
duration-hours = { $hours } tim { $minutes } min
duration-minutes = { $minutes } min { $seconds } s
duration-seconds = { $seconds } s
duration-under-second = under en sekund
duration-about = ungefär { $time }
duration-between = mellan { $least } och { $most }
percent = { $value }{"\u00A0"}%

label-display-name = Visningsnamn
label-privacy = Datasekretess och regelefterlevnad
label-audience-id = Målgrupps-ID
label-login = Inloggning
no-connection = ingen anslutning
label-service = Tjänst
label-source = Källa
label-source-login = Exportanvändare
label-files = Filer
label-data-matching = Datamatchning
label-segments = Segment
label-status-if-new = Status för nya kontakter
label-consent-attribute = Attribut för samtycke
label-consent-dismissed = Gäller inte samtycke
label-removed-tags = Taggar som inte längre ges
label-on-leave = När en profil lämnar ett segment
label-adopt-tags = Använd taggar som redan finns
label-clear-empty = Tomma värden tömmer kopplingsfältet
label-max-profiles = Högst antal profiler
label-created = Skapat

target-email = E-post
target-first-name = Förnamn
target-last-name = Efternamn
target-language = Språk
target-address = Adress
address-street = Gatuadress
address-second = Gatuadress, rad 2
address-city = Ort
address-state = Delstat eller region
address-zip = Postnummer
address-country = Land

status-subscribed = prenumererar
status-unsubscribed = har avslutat prenumerationen
status-cleaned = rensad (e-posten studsade)
status-pending = väntar (ska bekräfta)
status-transactional = transaktionell (ingen reklam)
status-archived = arkiverad

removed-tag-asked = inte bestämt
removed-tag-untag = tas bort i nästa körning
removed-tag-keep = behålls
on-leave-untag = taggen tas bort
on-leave-keep = taggen behålls

segment-ready = klart
segment-gone = finns inte längre
segment-draft = utkast
segment-inactive = avstängt
segment-stale = inaktuellt
segment-running = uppdateras

yes = ja
no = nej

files-segment-by = segment efter
files-id-column = ID i
files-delimiter = celler åtskilda av
files-queries = frågor i
