namespace EdgeInference.ModelFormat
{
    /// <summary>What the numbers of an output mean; the values are the ones in the file.</summary>
    public enum OutputRole
    {
        /// <summary>Not known: the source model does not say. A classifier refuses it.</summary>
        Unknown = 0,

        /// <summary>Probabilities, 0 to 1: that of the positive class, or one for each class.</summary>
        Probability = 1,

        /// <summary>Logits: a sigmoid (one value) or a softmax (one for each class) makes probabilities of them.</summary>
        Logit = 2,

        /// <summary>Scores that order classes and are not probabilities, such as a margin: of two classes the positive one from 0 on, else the highest.</summary>
        Score = 3,

        /// <summary>The number of the class, or the class itself where classes are numbers.</summary>
        Label = 4,

        /// <summary>A quantity, as of a regression; nothing to decide on.</summary>
        Value = 5,

        /// <summary>What the caller hands back with the next input of a sequence.</summary>
        State = 6,
    }
}
