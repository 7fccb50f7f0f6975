using Microsoft.Extensions.DependencyInjection;

namespace EdgeInference.Devices.Hosting;

/// <summary>Adds the parts of a device to the services of a host, in the order model, loop, updates.</summary>
public sealed class EdgeDeviceBuilder
{
    internal EdgeDeviceBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services of the host.</summary>
    public IServiceCollection Services { get; }
}
