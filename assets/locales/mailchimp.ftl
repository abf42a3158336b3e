# Where things are in Mailchimp, in the words of its menus, which it does not translate: the one place to change when
# Mailchimp moves them.

-menu-contacts = Audience → All contacts
-menu-tags = Audience → Tags
-menu-audience-id = Audience → All contacts → Settings → Audience name and defaults
-menu-automations = Automations
-menu-apps = Profile → Extras → Registered apps → Register an app
-menu-api-keys = Profile → Extras → API keys
