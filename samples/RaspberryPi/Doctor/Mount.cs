namespace EdgeDevice;

/// <summary>A mounted file system.</summary>
internal sealed record Mount(string Point, string Type, bool ReadOnly)
{
    /// <summary>The one that a path lies on; null where the kernel lists none.</summary>
    internal static Mount? Of(Machine machine, string path)
    {
        Mount? longest = null;
        foreach (string line in machine.Read("/proc/mounts")?.Split('\n') ?? [])
        {
            if (line.Split(' ') is [_, string point, string type, string settings, ..] && Holds(point, path) && point.Length >= (longest?.Point.Length ?? 0))
            {
                longest = new Mount(point, type, settings.Split(',').Contains("ro"));
            }
        }

        return longest;
    }

    private static bool Holds(string point, string path) => point == "/" || path == point || path.StartsWith(point + "/", StringComparison.Ordinal);
}
