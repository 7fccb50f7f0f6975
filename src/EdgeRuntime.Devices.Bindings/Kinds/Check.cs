using System.Globalization;

namespace EdgeInference.Devices.Bindings.Kinds;

/// <summary>Settings in their ranges; each sentence begins with the setting's name.</summary>
internal static class Check
{
    private const int Pins = 54;

    internal static int OneOf(int? value, string setting, string kind, params int[] known) => value is null ? known[0]
        : known.Contains(value.Value) ? value.Value
        : throw new ArgumentException($"{setting} is {value}, which {kind} does not have; it is one of {string.Join(", ", known)}.");

    internal static double OneOf(double? value, string setting, string kind, params double[] known) => value is null ? known[0]
        : known.Contains(value.Value) ? value.Value
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{setting} is {value}, which {kind} does not have; it is one of {string.Join(", ", known.Select(number => number.ToString(CultureInfo.InvariantCulture)))}."));

    internal static int Address(int? value, string kind, params int[] known) => value is null ? known[0]
        : known.Contains(value.Value) ? value.Value
        : throw new ArgumentException($"Address is 0x{value:X2} ({value}), which {kind} does not have; it is one of {string.Join(", ", known.Select(address => $"0x{address:X2} ({address})"))}.");

    internal static int Bus(int? value, int standard) => value is null or >= 0 ? value ?? standard
        : throw new ArgumentException($"Bus is {value}; it is 0 or more.");

    internal static int Pin(int? value, string setting, string kind) => value switch
    {
        null => throw new ArgumentException($"{setting} is not given; {kind} needs the GPIO number of the pin that it is wired to."),
        < 0 or >= Pins => throw new ArgumentException($"{setting} is {value}; it is a GPIO number from 0 to {Pins - 1}."),
        _ => value.Value,
    };

    internal static double Volts(double? value, double standard) => value is null ? standard
        : value is > 0 and <= 5.5 ? value.Value
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"ReferenceVolts is {value}; it is above 0 and at most 5.5."));

    internal static TimeSpan Age(double seconds, TimeSpan interval, string kind) => seconds > interval.TotalSeconds && seconds <= TimeSpan.FromDays(1).TotalSeconds
        ? TimeSpan.FromSeconds(seconds)
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"MaxAgeSeconds is {seconds}; it is above {kind}'s interval of {interval.TotalSeconds:0.###} s and at most a day."));

    internal static (double Offset, double Scale) Line(SensorSettings settings) =>
        settings.Offset is { } offset && !double.IsFinite(offset) ? throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Offset is {offset}; it is a finite number."))
        : settings.Scale is { } scale && (scale == 0 || !double.IsFinite(scale)) ? throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Scale is {scale}; it is a finite number that is not 0."))
        : (settings.Offset ?? 0, settings.Scale ?? 1);

    /// <summary>The places of the inputs among the known names.</summary>
    internal static int[] Inputs(IReadOnlyList<string>? inputs, string kind, IReadOnlyList<string> known)
    {
        if (inputs is not { Count: > 0 })
        {
            return [0];
        }

        int[] places = [.. inputs.Select(input => Enumerable.Range(0, known.Count).Where(i => known[i] == input).DefaultIfEmpty(-1).First())];
        int unknown = Array.IndexOf(places, -1);
        return unknown >= 0 ? throw new ArgumentException($"Inputs names '{inputs[unknown]}', which {kind} does not have; it has {string.Join(", ", known)}.")
            : places.Distinct().Count() < places.Length ? throw new ArgumentException($"Inputs names '{inputs.GroupBy(input => input).First(group => group.Count() > 1).Key}' more than once.")
            : places;
    }
}
