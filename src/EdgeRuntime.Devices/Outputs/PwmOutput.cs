using System.Device.Pwm;

namespace EdgeInference.Devices;

/// <summary>A PWM channel with a duty cycle for each class.</summary>
public sealed class PwmOutput : IClassBoundOutput, IDisposable
{
    private readonly PwmChannel channel;
    private readonly (ClassBinding Class, double Duty)[] dutyCycles;
    private readonly double safeDutyCycle;

    /// <summary>Starts the channel in its safe state, and owns it.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="dutyCycles">A duty cycle for each class by its text, 0 to 1. A loop refuses a model in which one of the classes is missing.</param>
    /// <param name="safeDutyCycle">The duty cycle of the safe state and of classes without one, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A duty cycle is out of range.</exception>
    public PwmOutput(PwmChannel channel, IReadOnlyDictionary<string, double> dutyCycles, double safeDutyCycle = 0)
        : this(channel, dutyCycles?.Select(duty => (new ClassBinding(duty.Key), duty.Value)), safeDutyCycle)
    {
    }

    /// <summary>Starts the channel in its safe state, for a model whose classes have no texts; owns the channel.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="dutyCycles">A duty cycle for each class by its number, 0 to 1. A loop refuses a model whose classes have texts.</param>
    /// <param name="safeDutyCycle">The duty cycle of the safe state and of classes without one, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A duty cycle is out of range.</exception>
    public PwmOutput(PwmChannel channel, IReadOnlyList<double> dutyCycles, double safeDutyCycle = 0)
        : this(channel, dutyCycles?.Select((duty, label) => (new ClassBinding(label), duty)), safeDutyCycle)
    {
    }

    private PwmOutput(PwmChannel channel, IEnumerable<(ClassBinding Class, double Duty)>? dutyCycles, double safeDutyCycle)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(dutyCycles);
        this.channel = channel;
        this.dutyCycles = [.. dutyCycles];
        this.safeDutyCycle = safeDutyCycle;
        foreach (double duty in this.dutyCycles.Select(entry => entry.Duty).Append(safeDutyCycle))
        {
            if (!(duty >= 0 && duty <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(dutyCycles), duty, "A duty cycle must be between 0 and 1.");
            }
        }

        ApplySafe();
        channel.Start();
    }

    /// <inheritdoc/>
    public string? Refusal(IReadOnlyList<string> classTexts, int classes) =>
        dutyCycles.Select(entry => entry.Class.Refusal("A duty cycle", classTexts, classes)).FirstOrDefault(reason => reason is not null);

    /// <inheritdoc/>
    public void Bind(IReadOnlyList<string> classTexts)
    {
        foreach ((ClassBinding bound, _) in dutyCycles)
        {
            bound.Bind(classTexts);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Duty cycles are bound to texts, but the model's classes are not known yet.</exception>
    public void Apply(int label)
    {
        double duty = safeDutyCycle;
        foreach ((ClassBinding bound, double own) in dutyCycles)
        {
            if (bound.Label == ClassBinding.Unbound)
            {
                throw new InvalidOperationException($"A duty cycle is bound to {bound.Description} but does not know the model's classes yet.");
            }

            duty = bound.Label == label ? own : duty;
        }

        channel.DutyCycle = duty;
    }

    /// <inheritdoc/>
    public void ApplySafe() => channel.DutyCycle = safeDutyCycle;

    /// <summary>Goes to the safe state and closes the channel, which stops it.</summary>
    public void Dispose()
    {
        try
        {
            ApplySafe();
        }
        finally
        {
            channel.Dispose();
        }
    }
}
