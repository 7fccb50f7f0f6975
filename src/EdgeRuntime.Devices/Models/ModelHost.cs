namespace EdgeRuntime.Devices;

/// <summary>Holds the model in use and hands a new one to every slot. A model is freed when no slot uses it any more.</summary>
public sealed class ModelHost : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<ModelSlot> slots = [];
    private SharedModel shared;
    private bool disposed;

    /// <summary>Creates a host, which owns the model.</summary>
    /// <param name="model">The first model.</param>
    /// <param name="version">Its version, 0 where it has none.</param>
    public ModelHost(EdgeModel model, ulong version)
    {
        ArgumentNullException.ThrowIfNull(model);
        shared = new SharedModel(model, version);
        InputLength = model.InputLength;
        OutputLength = model.OutputLength;
    }

    /// <summary>Number of values that every model of this host takes.</summary>
    public int InputLength { get; }

    /// <summary>Number of values that every model of this host gives.</summary>
    public int OutputLength { get; }

    /// <summary>Version of the newest model.</summary>
    public ulong Version
    {
        get
        {
            lock (gate)
            {
                return shared.Version;
            }
        }
    }

    /// <summary>Creates a slot for one deciding thread.</summary>
    public ModelSlot CreateSlot()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var slot = new ModelSlot(this, new ModelInstance(shared));
            slots.Add(slot);
            return slot;
        }
    }

    /// <summary>Hands a new model to every slot, which takes it before its next decision; then owns the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="version">Its version, 0 where it has none.</param>
    /// <exception cref="ArgumentException">The model takes or gives another number of values than the one in use; it stays the caller's.</exception>
    public void Swap(EdgeModel model, ulong version)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.InputLength != InputLength || model.OutputLength != OutputLength)
        {
            throw new ArgumentException($"The model takes {model.InputLength} values and gives {model.OutputLength} where the one in use takes {InputLength} and gives {OutputLength}.", nameof(model));
        }

        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var next = new SharedModel(model, version);

            // All sessions exist before the first slot sees one, so that a lack of memory leaves every slot as it was.
            ModelInstance[] instances = [.. slots.Select(_ => new ModelInstance(next))];
            for (int i = 0; i < instances.Length; i++)
            {
                slots[i].Offer(instances[i]);
                slots[i].FreeRetired();
            }

            shared.RemoveUser();
            shared = next;
        }
    }

    /// <summary>Frees models that no slot uses any more. Costs nothing where there are none; call it now and then after a swap.</summary>
    public void FreeUnused()
    {
        lock (gate)
        {
            foreach (ModelSlot slot in slots)
            {
                slot.FreeRetired();
            }
        }
    }

    /// <summary>Frees the model; slots must not be used any more.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (disposed)
            {
                return;
            }

            disposed = true;
            foreach (ModelSlot slot in slots)
            {
                slot.FreeAll();
            }

            slots.Clear();
            shared.RemoveUser();
        }
    }

    /// <summary>What another model's classes or features say that the newest model's do not; null where they agree.</summary>
    internal string? ContractDifference(EdgeModel other)
    {
        lock (gate)
        {
            return Difference("classes", shared.Model.Labels, other.Labels)
                ?? Difference("features", shared.Model.File.Metadata.TextList(ModelFormat.MetadataKey.InputNames), other.File.Metadata.TextList(ModelFormat.MetadataKey.InputNames));
        }
    }

    private static string? Difference(string what, IReadOnlyList<string> current, IReadOnlyList<string> other)
    {
        if (current.SequenceEqual(other))
        {
            return null;
        }

        int at = Enumerable.Range(0, Math.Max(current.Count, other.Count)).First(i => i >= current.Count || i >= other.Count || current[i] != other[i]);
        return $"Its {what} differ from those of the model in use: number {at} is {Text(other, at)} where {Text(current, at)} is needed; allow it with UpdatePolicy.AllowOtherContract, or export it with the same {what}.";
    }

    private static string Text(IReadOnlyList<string> texts, int index) => index < texts.Count ? $"'{texts[index]}'" : "not named";

    internal void Remove(ModelSlot slot)
    {
        lock (gate)
        {
            if (slots.Remove(slot))
            {
                slot.FreeAll();
            }
        }
    }
}
