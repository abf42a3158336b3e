# Tabeller att bläddra i, och vad som sägs om det som just gjordes.

key-write = skriv fil
ui-col-detail = Värde
rejects-all = Alla
table-write-to = Skriv till
table-write-over = Det finns redan en fil med det namnet. Retur skriver över den; eller skriv ett annat namn.
notice-copied = ✓ Kopierat: { $text }
notice-written = ✓ { $rows ->
    [one] { $rows } rad skriven till { $path }
   *[other] { $rows } rader skrivna till { $path }
}
notice-first-line = ! Flera rader klistrades in i ett fält med en rad: den första behölls.
notice-yes-or-no = Tryck på { $yes } för ja eller { $no } för nej.
notice-copied-id = ✓ Adress saknas. Profil-ID:t kopierades: { $text }
notice-copied-key = ✓ Adressen är inte känd. Mailchimps nyckel kopierades: { $text }
