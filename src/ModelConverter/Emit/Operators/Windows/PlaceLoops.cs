using System.Globalization;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>One loop of several within each other.</summary>
/// <param name="Trips">How often it runs.</param>
/// <param name="Step">Elements that the place read moves on with each.</param>
/// <param name="OtherStep">The same of a second place read.</param>
internal readonly record struct PlaceLevel(int Trips, int Step, int OtherStep = 0);

/// <summary>
/// Loops over the places of an output: the local "at" is where a place is read from, "by" a second one, "to" where it is written. Levels
/// that all go through in one stride are one.
/// </summary>
internal sealed class PlaceLoops
{
    private readonly EmitContext context;
    private readonly List<PlaceLevel> levels;
    private readonly int outputStep;
    private readonly bool hasOther;

    private PlaceLoops(EmitContext context, IEnumerable<PlaceLevel> all, int outputStep, bool hasOther)
    {
        this.context = context;
        this.outputStep = outputStep;
        this.hasOther = hasOther;
        levels = Merged(all);
    }

    /// <summary>Loops within each other, as few as can be.</summary>
    internal static List<PlaceLevel> Merged(IEnumerable<PlaceLevel> all)
    {
        var levels = new List<PlaceLevel>();
        foreach (PlaceLevel level in all.Where(level => level.Trips > 1))
        {
            if (levels.Count > 0 && levels[^1].Step == level.Trips * level.Step && levels[^1].OtherStep == level.Trips * level.OtherStep)
            {
                levels[^1] = level with { Trips = levels[^1].Trips * level.Trips };
            }
            else
            {
                levels.Add(level);
            }
        }

        return levels;
    }

    /// <summary>Opens the loops.</summary>
    /// <param name="context">The code.</param>
    /// <param name="levels">Outermost first.</param>
    /// <param name="at">The first place read, an expression.</param>
    /// <param name="to">The first place written, an expression, or null.</param>
    /// <param name="outputStep">From one place written to the next.</param>
    /// <param name="by">The first place of a second array read, or null.</param>
    internal static PlaceLoops Open(EmitContext context, IEnumerable<PlaceLevel> levels, string at, string? to, int outputStep, string? by = null)
    {
        var loops = new PlaceLoops(context, levels, outputStep, by is not null);
        int count = loops.levels.Count;
        if (to is not null)
        {
            loops.Set("to", to);
        }

        for (int i = 0; i < Math.Max(count, 1); i++)
        {
            loops.Set(loops.Name("at", i), i == 0 ? at : loops.Name("at", i - 1));
            if (by is not null)
            {
                loops.Set(loops.Name("by", i), i == 0 ? by : loops.Name("by", i - 1));
            }

            if (i < count)
            {
                string counter = "n" + i.ToString(CultureInfo.InvariantCulture);
                context.BeginLoop($"for (int {counter} = 0; {counter} < {loops.levels[i].Trips}; {counter}++)", loops.levels[i].Trips);
            }
        }

        return loops;
    }

    internal void Close()
    {
        for (int i = levels.Count - 1; i >= 0; i--)
        {
            if (i == levels.Count - 1)
            {
                Move("to", outputStep);
            }

            Move(Name("at", i), levels[i].Step);
            if (hasOther)
            {
                Move(Name("by", i), levels[i].OtherStep);
            }

            context.EndLoop();
        }
    }

    private string Name(string role, int level) => level >= levels.Count - 1 ? role : role + level.ToString(CultureInfo.InvariantCulture);

    private void Set(string local, string value) => context.Add($"{context.Declare("int", local)}{local} = {value};", 2, 7);

    private void Move(string local, int step)
    {
        if (step != 0)
        {
            context.Add($"{local} += {step};", 4, 8);
        }
    }
}
