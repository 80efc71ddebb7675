namespace Stripe.TestHelpers;

/// <summary>Parameters of <c>POST /v1/test_helpers/test_clocks/{id}/advance</c>.</summary>
public class TestClockAdvanceOptions : BaseOptions
{
    public DateTime? FrozenTime { get; set; }
}

/// <summary>Parameters of <c>POST /v1/test_helpers/test_clocks</c>.</summary>
public class TestClockCreateOptions : BaseOptions
{
    public DateTime? FrozenTime { get; set; }
    public string Name { get; set; }
}

/// <summary>Parameters of <c>DELETE /v1/test_helpers/test_clocks/{id}</c>.</summary>
public class TestClockDeleteOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/test_helpers/test_clocks/{id}</c>.</summary>
public class TestClockGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/test_helpers/test_clocks</c>.</summary>
public class TestClockListOptions : ListOptions;
