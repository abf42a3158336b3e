# What an export run tells of itself.

run-find-segments = In Mailchimp you find your segments as tags under Audience → Tags: { $link }
