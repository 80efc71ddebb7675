namespace Empire.Gateway.Routing;

/// <summary>Which service answers which path, and who may come. What stands in no line answers 404. The most specific pattern wins, whatever the order.</summary>
internal static class RouteTable
{
    /// <summary>The gateway itself.</summary>
    public const string Door = "gateway";

    private const int TenPerMinute = 10;
    private const int TwentyPerMinute = 20; // two Prometheus servers, each every ten seconds, and a person who looks
    private const long SampleBatch = 4 * 1024 * 1024;
    private const long Upload = 20 * 1024 * 1024;

    public static IReadOnlyList<ServiceRoute> All { get; } =
    [
        // --- identity: accounts, people, keys. Not metered: who has used up a month can still sign in, see why and upgrade.
        new("identity", "/api/signup", Access.Open, "POST") { Secret = true, Summary = "Creates a free account and its key" },
        new("identity", "/api/auth/signup", Access.Open, "POST") { Secret = true, Summary = "Creates a person's account; private mode wants an invite" },
        new("identity", "/api/auth/admission", Access.Public, "GET") { Summary = "Whether signing up needs an invite" },
        new("identity", "/api/auth/login", Access.Open, "POST") { Secret = true, Guess = true, Summary = "Signs in with e-mail and password" },
        new("identity", "/api/auth/verify", Access.Open, "GET", "POST") { Secret = true, Summary = "Verifies an e-mail address" },
        new("identity", "/api/auth/forgot-password", Access.Open, "POST") { Secret = true, Summary = "Has a mail sent to set a new password" },
        new("identity", "/api/auth/reset-password", Access.Open, "POST") { Secret = true, Summary = "Sets a new password with the mail's token" },
        new("identity", "/api/auth/resend-verification", Access.Open, "POST") { Secret = true, Summary = "Has the mail of verification sent again" },
        new("identity", "/api/auth/logout", Access.Key, "POST") { Secret = true, FromAnywhere = true, Summary = "Ends the session" },
        new("identity", "/api/auth/switch", Access.Key, "POST") { Secret = true, FromAnywhere = true, Summary = "Goes on in another account" },
        new("identity", "/api/auth/profile", Access.Key, "GET") { Secret = true, Summary = "E-mail, role, tier and usage" },
        new("identity", "/api/auth/{**rest}") { Secret = true },
        new("identity", "/api/usage", Access.Key, "GET") { Summary = "What the account has used of its limits" },
        new("identity", "/api/v1/identity/{**rest}") { Secret = true },
        new("identity", "/api/v1/tenants/{**rest}") { Secret = true },
        new("identity", "/admin/users", Access.Key, "GET") { Secret = true, Summary = "People and their roles" },
        new("identity", "/admin/access-controls", Access.Key, "GET", "POST") { Secret = true, Summary = "White lists and session times" },
        new("identity", "/admin/invites", Access.Key, "GET") { Secret = true, Summary = "Invites and what is left of them" },
        new("identity", "/admin/generate-invite", Access.Key, "POST") { Secret = true, Summary = "Makes an invite code" },
        new("identity", "/admin/toggle-private", Access.Key, "POST") { Secret = true, Summary = "Opens or closes free sign-up" },
        new("identity", "/admin/{**rest}") { Secret = true },

        // --- content
        new("content", "/api/v1/content/{**rest}") { Metered = true },
        new("content", "/api/content/{id}", Access.Key, "GET") { Metered = true, Summary = "One piece with its prompt version and cost" },
        new("content", "/api/recipes", Access.Key, "GET") { Metered = true, PerMinute = TenPerMinute, Summary = "Recipes" },
        new("content", "/api/recipes", Access.Key, "POST") { Metered = true, Slow = true, Summary = "Makes a recipe" },
        new("content", "/api/recipes/batch", Access.Key, "POST") { Metered = true, Later = true, Summary = "Makes several recipes" },
        new("content", "/api/recipes/{id}", Access.Key, "GET") { Metered = true, Summary = "One recipe" },
        new("content", "/api/recipes/{id}/seo", Access.Key, "POST") { Metered = true, Later = true, Summary = "Optimises a recipe for search" },
        new("content", "/api/recipes/{**rest}") { Metered = true },
        new("content", "/api/seo/metadata", Access.Key, "POST") { Metered = true, Later = true, Summary = "Titles, descriptions and markup for a domain" },
        new("content", "/api/seo/content", Access.Key, "POST") { Metered = true, Slow = true, Summary = "Writes an article" },
        new("content", "/api/seo/analyze", Access.Key, "POST") { Metered = true, Later = true, Summary = "Analyses a text" },
        new("content", "/api/seo/{**rest}") { Metered = true },
        new("content", "/api/ai/generate-content", Access.Key, "POST") { Metered = true, Later = true, Summary = "Writes blog, social or marketing copy" },

        // --- publishing
        new("publishing", "/api/v1/publishing/{**rest}") { Metered = true },
        new("publishing", "/api/v1/publications/{**rest}") { Metered = true },
        new("publishing", "/api/social/post", Access.Key, "POST") { Metered = true, Summary = "Schedules a post" },
        new("publishing", "/api/social/calendar", Access.Key, "GET") { Metered = true, Summary = "The calendar of posts" },
        new("publishing", "/api/social/analyze", Access.Key, "POST") { Metered = true, Later = true, Summary = "Compares engagement across platforms" },
        new("publishing", "/api/social/{**rest}") { Metered = true },
        new("publishing", "/api/products/create", Access.Key, "POST") { Metered = true, Summary = "Makes a product from a niche" },
        new("publishing", "/api/products/list", Access.Key, "GET") { Metered = true, Summary = "Products" },
        new("publishing", "/api/products/optimize", Access.Key, "POST") { Metered = true, Summary = "Proposes changes to a product" },
        new("publishing", "/api/products/{id}", Access.Key, "PUT", "DELETE") { Metered = true, Summary = "Changes or removes a product" },
        new("publishing", "/api/stores/connect", Access.Key, "POST") { Metered = true, Secret = true, Summary = "Connects a store" },
        new("publishing", "/api/stores/list", Access.Key, "GET") { Metered = true, Summary = "Connected stores" },
        new("publishing", "/api/stores/sync", Access.Key, "POST") { Metered = true, Summary = "Fetches a store's figures" },
        new("publishing", "/api/stores/analytics", Access.Key, "GET") { Metered = true, Cached = true, Summary = "Sales, conversion and customers of stores" },
        new("publishing", "/api/stores/{id}", Access.Key, "DELETE") { Metered = true, Summary = "Disconnects a store" },

        // --- analytics
        new("analytics", "/api/v1/analytics/{**rest}") { Metered = true },
        new("analytics", "/api/conversions/{network}", Access.Signed, "POST") { Summary = "A network reports a conversion" },
        new("analytics", "/r/{code}", Access.Public) { Summary = "Counts a click and sends the reader on" },
        new("analytics", "/api/stats", Access.Key, "GET") { Metered = true, Cached = true, Summary = "Customers, revenue and savings" },
        new("analytics", "/admin/stats", Access.Key, "GET") { OperatorOnly = true, Cached = true, Summary = "Revenue and acquisition of the platform" },
        new("analytics", "/admin/analytics", Access.Key, "GET") { OperatorOnly = true, Cached = true, Summary = "The platform's figures" },
        new("analytics", "/api/finance/revenue", Access.Key, "GET") { Metered = true, Later = true, Cached = true, Summary = "Revenue by category and period" },
        new("analytics", "/api/finance/expenses", Access.Key, "GET") { Metered = true, Later = true, Cached = true, Summary = "Expenses by category and period" },
        new("analytics", "/api/finance/cost-model", Access.Key, "GET") { Metered = true, Later = true, Cached = true, Summary = "Fixed and variable cost, and milestones" },
        new("analytics", "/api/finance/goal", Access.Key, "POST") { Metered = true, Later = true, Summary = "Sets a financial goal" },
        new("analytics", "/api/finance/projections", Access.Key, "GET") { Metered = true, Later = true, Cached = true, Summary = "Projected revenue" },
        new("analytics", "/api/v1/dashboard/overview", Access.Key, "GET") { Metered = true, Later = true, Cached = true, Summary = "The business at a glance" },
        new("analytics", "/api/v1/dashboard/revenue-metrics", Access.Key, "GET") { Metered = true, Later = true, Cached = true, Summary = "Revenue figures" },
        new("analytics", "/api/v1/dashboard/customer-metrics", Access.Key, "GET") { Metered = true, Later = true, Cached = true, Summary = "Customer figures" },
        new("analytics", "/api/v1/dashboard/marketing-metrics", Access.Key, "GET") { Metered = true, Later = true, Cached = true, Summary = "Marketing figures" },

        // --- autopilot
        new("autopilot", "/api/v1/autopilot/feeds", Access.Key, "POST") { Metered = true, MaxBodyBytes = Upload, Summary = "Uploads products as CSV" },
        new("autopilot", "/api/v1/autopilot/feeds/{id}", Access.Key, "GET") { Metered = true, Summary = "A feed and its refused rows" },
        new("autopilot", "/api/v1/autopilot/schedule", Access.Key, "GET", "PUT") { Metered = true, Summary = "Whether a cycle starts every night" },
        new("autopilot", "/api/v1/autopilot/{**rest}") { Metered = true },
        new("autopilot", "/api/business/create", Access.Key, "POST") { Metered = true, Later = true, Summary = "Creates a business" },
        new("autopilot", "/api/business/list", Access.Key, "GET") { Metered = true, Later = true, Summary = "Businesses" },
        new("autopilot", "/api/business/{id}", Access.Key, "PUT", "DELETE") { Metered = true, Later = true, Summary = "Changes or removes a business" },
        new("autopilot", "/api/ai/analyze-market", Access.Key, "POST") { Metered = true, Later = true, Summary = "Niches with trend and score" },
        new("autopilot", "/api/ai/recommendations", Access.Key, "GET") { Metered = true, Later = true, Summary = "What to do next, and why" },

        // --- payments
        new("payments", "/api/v1/ledger/rebuild", Access.Key, "POST") { OperatorOnly = true, Summary = "Makes the books anew from the raw logs and compares" },
        new("payments", "/api/v1/ledger/{**rest}") { Metered = true },
        new("payments", "/api/v1/revenue/transactions", Access.Key, "GET") { Metered = true, Summary = "Income by source and status" },
        new("payments", "/api/v1/revenue/transactions/{id}/confirm", Access.Key, "POST") { Metered = true, Summary = "The debtor confirms a transaction" },
        new("payments", "/api/v1/revenue/transactions/{id}/pay", Access.Key, "POST") { Metered = true, Summary = "A transaction's money is at the bank" },
        new("payments", "/api/upgrade", Access.Key, "POST") { Summary = "Moves an account to a paid tier" },     // not metered: who has used up a month can upgrade
        new("payments", "/api/upgrade/{id}", Access.Key, "GET") { Summary = "Where a payment for a tier stands" },
        new("payments", "/api/ai/optimize-pricing", Access.Key, "POST") { Metered = true, Summary = "Proposes a price" },
        new("payments", "/api/v1/revenue/customers", Access.Key, "GET", "POST") { Metered = true, Summary = "Customers" },
        new("payments", "/api/v1/revenue/customers/{id}", Access.Key, "GET") { Metered = true, Summary = "One customer" },
        new("payments", "/api/v1/revenue/payments", Access.Key, "GET", "POST") { Metered = true, Secret = true, Summary = "Payments" },
        new("payments", "/api/v1/revenue/payments/{id}", Access.Key, "GET") { Metered = true, Secret = true, Summary = "One payment" },
        new("payments", "/api/v1/revenue/subscriptions", Access.Key, "GET", "POST") { Metered = true, Summary = "Subscriptions" },
        new("payments", "/api/v1/revenue/subscriptions/{id}", Access.Key, "GET") { Metered = true, Summary = "One subscription" },
        new("payments", "/api/v1/revenue/optimize/pricing", Access.Key, "POST") { Metered = true, Summary = "Recommends a price and its effect" },
        new("payments", "/api/v1/revenue/webhooks/stripe", Access.Signed, "POST") { Summary = "Stripe reports an event" },
        new("payments", "/api/v1/revenue/{**rest}") { Metered = true },
        new("payments", "/api/v1/payments/{**rest}") { Metered = true },
        new("payments", "/payment/flutterwave/webhook", Access.Signed, "POST") { Summary = "Flutterwave reports a payment" },
        new("payments", "/payment/flutterwave/callback", Access.Signed, "POST") { Summary = "Flutterwave reports a payment" },
        new("payments", "/payment/flutterwave/callback", Access.Public, "GET") { Summary = "The payer's browser comes back" },
        new("payments", "/payment/return", Access.Public, "GET") { Summary = "The payer's browser comes back" },
        new("payments", "/receipt/{key}", Access.Public, "GET") { Summary = "A payer's receipt, by the link of their mail" },
        new("payments", "/invoice/{key}", Access.Public, "GET") { Summary = "A payer's invoice, by the link of their mail" },
        new("payments", "/billing/{key}", Access.Public, "GET") { Summary = "A payer gives another card, by the link of their mail" },
        new("payments", "/payment/nowpayments/webhook", Access.Signed, "POST") { Summary = "NowPayments reports a payment" },

        // --- acquisition
        new("acquisition", "/api/leads", Access.Key, "GET") { Metered = true, Later = true, Summary = "Leads by status and score" },
        new("acquisition", "/api/marketing/campaign", Access.Key, "POST") { Metered = true, Summary = "Creates a campaign" },
        new("acquisition", "/api/marketing/list", Access.Key, "GET") { Metered = true, Summary = "Campaigns" },
        new("acquisition", "/api/marketing/analytics", Access.Key, "GET") { Metered = true, Cached = true, Summary = "Spend, clicks and conversions of campaigns" },
        new("acquisition", "/api/marketing/{id}", Access.Key, "GET", "PUT", "DELETE") { Metered = true, Summary = "Shows, changes or archives a campaign" },
        new("acquisition", "/api/v1/acquisition/{**rest}") { Metered = true },
        new("acquisition", "/api/v1/marketing/campaigns", Access.Key, "POST") { Metered = true, Later = true, Summary = "Sends an e-mail campaign" },

        // --- telemetry: never metered, an agent that reports every five minutes would use up a month in eight hours; nor are reports and scrapes counted in the tier's hour
        new("telemetry", "/api/track-usage", Access.Key, "POST") { KeyInBody = true, PerMinute = TenPerMinute, AroundTheClock = true, MaxBodyBytes = SampleBatch, Summary = "An agent reports its GPUs" },
        new("telemetry", "/api/gpu/current", Access.Key, "GET") { Summary = "GPUs now" },
        new("telemetry", "/api/gpu/history", Access.Key, "GET") { Summary = "GPUs by the hour" },
        new("telemetry", "/api/v1/telemetry/metrics", Access.Key, "GET") { PerMinute = TwentyPerMinute, AroundTheClock = true, Summary = "GPUs for Prometheus" },
        new("telemetry", "/api/v1/telemetry/{**rest}"),
        new("telemetry", "/empire.telemetry.{service}/{method}", Access.Key, "POST") { Grpc = true },

        // --- receptionist
        new("receptionist", "/api/v1/receptionist/webhooks/{event}", Access.Signed, "POST") { Later = true, Summary = "The telephone network reports a call" },
        new("receptionist", "/api/v1/receptionist/{**rest}") { Metered = true, Later = true },

        // --- pages
        new("web", "/dashboard/{**rest}", Access.Public) { Later = true, Summary = "The customer's dashboard" },
        new("web", "/dashboard", Access.Public) { Later = true, Page = "dashboard", Summary = "The page of an account: what it uses, its keys" },
        new("web", "/signup", Access.Public) { Later = true, Page = "signup", Summary = "The page to sign up on" },
        new("web", "/login", Access.Public) { Later = true, Page = "login", Summary = "The page to sign in on" },
        new("web", "/forgot-password", Access.Public) { Later = true, Page = "forgot-password", Summary = "The page to ask for a new password on" },
        new("web", "/reset-password", Access.Public) { Later = true, Page = "reset-password", Summary = "Where the mail about a new password leads" },
        new("web", "/verify-email", Access.Public) { Later = true, Page = "verify-email", Summary = "Where the mail about an address leads" },
        new("publishing", "/{**page}", Access.Public),   // the site; the least specific, so everything else wins

        // --- the door itself
        new(Door, "/health", Access.Public) { Summary = "The whole installation in one answer" },
        new(Door, "/docs", Access.Public) { Summary = "The reference of this API, to read" },
        new(Door, "/openapi/v1.json", Access.Public) { Summary = "The reference of this API, for programs" },
        new(Door, "/favicon.ico", Access.Public) { Summary = "The icon of pages that name none" },
        new(Door, "/static/{name}", Access.Public) { Summary = "Files that pages and agents load" },
        new(Door, "/api/v1/effects/halt", Access.Key, "POST") { OperatorOnly = true, Summary = "Stops every effect on the outside world" },
        new(Door, "/api/v1/effects/resume", Access.Key, "POST") { OperatorOnly = true, Summary = "Lets effects go on" },
        new(Door, "/admin/blocks", Access.Key, "GET", "DELETE") { OperatorOnly = true, Summary = "Addresses that are shut out" },
        new(Door, "/admin/security-events", Access.Key, "GET") { OperatorOnly = true, Summary = "What the door has seen" },
    ];

    /// <summary>Services that perform irreversible effects: the kill switch reaches each of them.</summary>
    public static IReadOnlyList<string> WithEffects { get; } = ["publishing", "acquisition", "payments"];

    /// <summary>Everyone behind the door.</summary>
    public static IReadOnlyList<string> Services { get; } = [.. All.Select(route => route.Service).Where(service => service != Door).Distinct()];

    /// <summary>Services with at least one line that is built: those that must be up.</summary>
    public static IReadOnlyList<string> Built { get; } = [.. All.Where(route => !route.Later && !route.Grpc && route.Service != Door).Select(route => route.Service).Distinct()];

    /// <summary>The line of what the gateway answers itself.</summary>
    public static ServiceRoute Own(string path) => All.First(route => route.Service == Door && route.Path == path);
}
