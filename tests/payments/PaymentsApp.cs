using Empire.Testing;

namespace Empire.Payments.Tests;

/// <summary>The service in memory.</summary>
public class PaymentsApp() : ServiceApp<Program>("payments");
