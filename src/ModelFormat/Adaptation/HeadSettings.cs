namespace EdgeInference.ModelFormat.Adaptation
{
    /// <summary>
    /// What the learning heads of a model are made from: record 14 of its contract and its last Dense layer, as plain numbers, so that emitted
    /// code can hold them as constants. Whoever fills it has checked it.
    /// </summary>
    internal sealed class HeadSettings
    {
        /// <summary>Bit of <see cref="Heads"/>: the last Dense layer learns.</summary>
        public const int LastLayer = 1;

        /// <summary>Bit of <see cref="Heads"/>: classes can be added.</summary>
        public const int AddsClasses = 2;

        /// <summary>Bit of <see cref="Heads"/>: normal samples are learned.</summary>
        public const int FindsAnomalies = 4;

        /// <summary>Bit of <see cref="Heads"/>: each pass takes a step on each self-test vector that has a class, so that what was known is not forgotten.</summary>
        public const int Anchored = 8;

        /// <summary>The class of a self-test vector, or of a stored sample, that has none.</summary>
        public const int NoClass = 255;

        /// <summary>The bits above.</summary>
        public int Heads;

        /// <summary>Elements of the hidden vector, 1 to 4096.</summary>
        public int Depth;

        /// <summary>Units of the last Dense layer.</summary>
        public int Units;

        /// <summary>Whether the hidden vector is int16; else int8.</summary>
        public bool IsWide;

        /// <summary>The zero point of the hidden vector; 0 where it is int16.</summary>
        public int ZeroPoint;

        /// <summary>Whether the units are shares of 1, by a softmax; else each is a probability by a sigmoid.</summary>
        public bool IsSoftmax;

        /// <summary>Fraction bits of changes and logits, 16 to 30.</summary>
        public int FractionBits;

        /// <summary>The most that a weight may be changed, in 2^−<see cref="FractionBits"/>.</summary>
        public int WeightLimit;

        /// <summary>The most that what was learned may move a logit, in 2⁻⁴.</summary>
        public int LogitLimit;

        /// <summary>Numerator of the learning rate.</summary>
        public int Rate;

        /// <summary>How far a change is shifted to the right.</summary>
        public int RateShift;

        /// <summary>The input that the bias is multiplied with, as a power of two.</summary>
        public int BiasShift;

        /// <summary>Passes over the stored samples after each new one.</summary>
        public int Passes;

        /// <summary>The most samples that are stored.</summary>
        public int Capacity;

        /// <summary>The most classes that can be added.</summary>
        public int AddedClasses;

        /// <summary>How many neighbours vote, odd; 0 where means of classes decide.</summary>
        public int Neighbours;

        /// <summary>The share of normal samples that is to lie below the threshold, in 2⁻¹⁵.</summary>
        public int Quantile;

        /// <summary>Normal samples before the first threshold.</summary>
        public int WarmUp;

        /// <summary>The factory's weights [unit · depth], as the file has them.</summary>
        public short[] Weights;

        /// <summary>The factory's bias of each unit, in products of weight and input.</summary>
        public long[] Bias;

        /// <summary>What a sum of products is multiplied with to be a logit: 31 bits, one for each unit.</summary>
        public int[] Multipliers;

        /// <summary>How far that product is shifted to the right to have <see cref="FractionBits"/> fraction bits; one for each unit.</summary>
        public int[] Shifts;

        /// <summary>The mean of each class in training [class · depth], less the zero point; null where no head needs it.</summary>
        public short[] Means;

        /// <summary>The class of each self-test vector, or <see cref="NoClass"/>.</summary>
        public byte[] SelfTestClasses;

        /// <summary>Classes of the factory: two where there is one unit.</summary>
        public int Classes
        {
            get { return Units == 1 ? 2 : Units; }
        }

        /// <summary>Whether a head is there.</summary>
        public bool Has(int head)
        {
            return (Heads & head) != 0;
        }
    }
}
