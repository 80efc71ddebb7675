namespace Stripe;

public class DobOptions : INestedOptions
{
    public long? Day { get; set; }
    public long? Month { get; set; }
    public long? Year { get; set; }
}
