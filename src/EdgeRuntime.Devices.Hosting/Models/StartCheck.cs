namespace EdgeInference.Devices.Hosting;

/// <summary>A part of the device that says before it starts why it could not use a model.</summary>
/// <param name="Refusal">Gives the reason as one sentence, or null.</param>
internal sealed record StartCheck(Func<IServiceProvider, ModelSlot, string?> Refusal);
