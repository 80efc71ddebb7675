namespace Aspire.Hosting.ApplicationModel;

public class RabbitMQServerResource(string name, ParameterResource? userName, ParameterResource password) : ContainerResource(name), IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp", DistributionEndpointName = "distribution", MapperEndpointName = "epmd";

    public EndpointReference PrimaryEndpoint => new(this, PrimaryEndpointName);
    public ParameterResource? UserNameParameter { get; } = userName;
    public ParameterResource PasswordParameter { get; } = password;

    internal ReferenceExpression UserNameReference => UserNameParameter is { } given ? ReferenceExpression.Create($"{given}") : ReferenceExpression.Create($"guest");

    public ReferenceExpression ConnectionStringExpression => this.TryGetLastAnnotation<ConnectionStringRedirectAnnotation>(out var elsewhere)
        ? elsewhere.Resource.ConnectionStringExpression
        : ReferenceExpression.Create($"amqp://{UserNameReference}:{PasswordParameter}@{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}");
}
